// The address of a place can be copied.

import { wireCopying } from "./copying.js";

wireCopying();
