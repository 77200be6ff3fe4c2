import { type Bytes, concatBytes, equalBytes, uint32 } from './bytes.ts';

/**
 * How much is given to the decompressor at a time. Some runtimes inflate a piece whole before
 * anyone reads, and deflate packs at most 1032 bytes into one: so a piece is half a megabyte.
 */
const PIECE_BYTES = 512;

/** Compresses to the zlib format (RFC 1950), with the streams that every runtime has. */
export async function deflate(bytes: Uint8Array): Promise<Bytes> {
  const deflated = piecesOf(bytes).pipeThrough(new CompressionStream('deflate'));
  return new Uint8Array(await new Response(deflated).arrayBuffer());
}

/**
 * Decompresses the zlib format; null if it is another, goes on after its end, or is more than
 * `maxBytes`. It stops reading as soon as there is more, so that a bomb costs neither memory nor
 * time.
 */
export async function inflate(bytes: Uint8Array, maxBytes: number): Promise<Bytes | null> {
  const reader = piecesOf(bytes).pipeThrough(new DecompressionStream('deflate')).getReader();
  const parts: Uint8Array[] = [];
  for (let room = maxBytes; room >= 0; ) {
    const piece = await reader.read().catch(() => null);
    if (piece === null) return null;
    if (piece.done) return ofWholeStream(bytes, concatBytes(...parts));
    parts.push(piece.value);
    room -= piece.value.length;
  }
  await reader.cancel().catch(() => undefined);
  return null;
}

/** Some runtimes pass over bytes after the end; but the stream has to end with its checksum. */
function ofWholeStream(deflated: Uint8Array, inflated: Bytes): Bytes | null {
  return equalBytes(deflated.subarray(-4), adler32(inflated)) ? inflated : null;
}

/** RFC 1950 §8.2. */
function adler32(bytes: Uint8Array): Bytes {
  let low = 1;
  let high = 0;
  for (const byte of bytes) {
    low = (low + byte) % 65521;
    high = (high + low) % 65521;
  }
  return uint32(high * 0x10000 + low, 'adler32');
}

/** The bytes, one piece each time that the reader asks for more. */
function piecesOf(bytes: Uint8Array): ReadableStream<Bytes> {
  let offset = 0;
  return new ReadableStream<Bytes>(
    {
      pull: (controller) => {
        if (offset >= bytes.length) return controller.close();
        controller.enqueue(new Uint8Array(bytes.subarray(offset, offset + PIECE_BYTES)));
        offset += PIECE_BYTES;
      },
    },
    { highWaterMark: 0 },
  );
}
