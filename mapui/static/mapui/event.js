// One event: its short address can be copied.

import { wireCopying } from "./copying.js";

wireCopying();
