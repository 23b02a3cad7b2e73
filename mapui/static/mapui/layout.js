// Where labels go so that they cover neither markers nor each other. Pure.

const overlap = (a, b) =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

const box = (x, y, { width, height }) => ({
  left: x - width / 2,
  right: x + width / 2,
  top: y - height / 2,
  bottom: y + height / 2,
});

// labels: [{x, y, width, height, tight}], most important first; taken: boxes that must stay free. A
// tight label stays on its line: it moves up or down or goes.
// Returns for each label an offset [dx, dy], or null where none of the places tried is free.
export function placeLabels(labels, taken) {
  const used = [...taken];
  return labels.map((label) => {
    const { width, height, tight } = label;
    const across = width / 2 + 22;
    const down = height / 2 + (tight ? 4 : 20);
    const tries = [
      [0, 0], [0, -down], [0, down], [across, 0], [-across, 0],
      [across, -down], [-across, -down], [across, down], [-across, down],
      [0, -2 * down], [0, 2 * down],
    ];
    for (const [dx, dy] of tight ? tries.slice(0, 3) : tries) {
      const wanted = box(label.x + dx, label.y + dy, label);
      if (!used.some((other) => overlap(wanted, other))) {
        used.push(wanted);
        return [dx, dy];
      }
    }
    return null;
  });
}
