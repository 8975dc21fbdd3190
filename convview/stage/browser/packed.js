// Data that came as bytes: JSON, or JSON packed by zlib where there is much of it.

const text = new TextDecoder();
const BRACE = 0x7b; // what JSON begins with; else it is packed

export async function unpack(data) {
  return JSON.parse(text.decode(data[0] === BRACE ? data : await inflated(data)));
}

export function inflated(data) {
  const stream = new Blob([data]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).arrayBuffer();
}
