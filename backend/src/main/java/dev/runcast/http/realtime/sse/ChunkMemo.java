package dev.runcast.http.realtime.sse;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Encodes bytes as one chunk of HTTP/1.1, and remembers the last: all subscribers of a change are
 * written to in turn with the very same buffer, so that a fan-out to thousands encodes once and
 * copies nothing. Chunks are in direct memory, which a socket takes without another copy. Confined
 * to one event loop.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#name-chunked-transfer-coding">RFC 9112,
 *     7.1</a>
 */
final class ChunkMemo {
  private static final byte[] CRLF = {'\r', '\n'};
  private static final int FRAMING = 16;

  private @Nullable Buffer lastBytes;
  private @Nullable ByteBuf lastChunk;

  /** The chunk of these bytes, to be written, and thereby released, by the caller. */
  @SuppressWarnings("ReferenceEquality") // equal bytes in another buffer are rare, and dear to find
  ByteBuf chunkOf(Buffer bytes, ByteBufAllocator allocator) {
    ByteBuf known = lastChunk;
    if (known != null && bytes == lastBytes) {
      return known.retainedDuplicate();
    }
    clear();
    ByteBuf chunk = encode(((BufferInternal) bytes).getByteBuf(), allocator);
    lastBytes = bytes;
    lastChunk = chunk;
    return chunk.retainedDuplicate();
  }

  /** Lets go of the last chunk. */
  void clear() {
    if (lastChunk != null) {
      lastChunk.release();
    }
    lastBytes = null;
    lastChunk = null;
  }

  private static ByteBuf encode(ByteBuf bytes, ByteBufAllocator allocator) {
    int length = bytes.readableBytes();
    ByteBuf chunk = allocator.directBuffer(length + FRAMING);
    chunk.writeCharSequence(Integer.toHexString(length), StandardCharsets.US_ASCII);
    return chunk.writeBytes(CRLF).writeBytes(bytes, bytes.readerIndex(), length).writeBytes(CRLF);
  }
}
