"""What a planner's pages and files share: standards, what-ifs, reports, work."""
