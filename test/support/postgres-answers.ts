/** What the server says of a statement that changed something, or of the end of a transaction. */
const WROTE = /^(?:COMMIT|INSERT 0 [1-9]|UPDATE [1-9]|DELETE [1-9])/;
const COMMAND_COMPLETE = 'C'.charCodeAt(0);
const READY_FOR_QUERY = 'Z'.charCodeAt(0);
const IDLE = 'I'.charCodeAt(0);

/**
 * Reads what a server says on one connection (PostgreSQL's protocol 3.0, "Message Formats") and is
 * true for the bytes that tell the client that something is committed: by COMMIT, or by a single
 * statement, after which no transaction is open.
 */
export function commitWatch(): (bytes: Buffer) => boolean {
  let unread = Buffer.alloc(0);
  let wrote = false;
  return (bytes) => {
    unread = Buffer.concat([unread, bytes]);
    let committed = false;
    for (let end = endOfFirst(unread); end <= unread.length; end = endOfFirst(unread)) {
      const [kind] = unread;
      const body = unread.subarray(5, end);
      if (kind === COMMAND_COMPLETE) wrote = WROTE.test(body.toString('latin1'));
      if (kind === READY_FOR_QUERY) {
        committed ||= wrote && body[0] === IDLE;
        wrote = false;
      }
      unread = unread.subarray(end);
    }
    return committed;
  };
}

/** A message is its kind and its length, which counts itself. */
function endOfFirst(bytes: Buffer): number {
  return bytes.length < 5 ? Number.POSITIVE_INFINITY : 1 + bytes.readUInt32BE(1);
}
