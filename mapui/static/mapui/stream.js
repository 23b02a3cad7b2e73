// A stream of JSON, an object a line, and how far an answer may be from the best. Pure.

// The objects of a ReadableStream of bytes, each as soon as its line has ended.
export async function* objects(body) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      rest += decoder.decode(value, { stream: !done });
      const lines = rest.split("\n");
      rest = lines.pop();
      for (const line of lines) if (line.trim()) yield JSON.parse(line);
      if (done) break;
    }
    if (rest.trim()) yield JSON.parse(rest);
  } finally {
    reader.releaseLock();
  }
}

// Per cent with one decimal, rounded up: never told as less than it may be.
export function gapInPercent({ objective, bound }) {
  const gap = Math.abs(objective - bound);
  const share = objective ? gap / Math.abs(objective) : gap && 1;
  return (Math.ceil(share * 1000 - 1e-9) / 10).toFixed(1);
}
