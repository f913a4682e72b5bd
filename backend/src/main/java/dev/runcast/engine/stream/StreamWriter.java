package dev.runcast.engine.stream;

import dev.runcast.run.stream.StreamKey;
import dev.runcast.store.stream.StreamTable.WriterId;
import org.jspecify.annotations.Nullable;

/** One connection that writes a stream. */
public final class StreamWriter {
  private final StreamKey stream;
  private final @Nullable WriterId id;
  private final String session;

  /** Whether something that it sent was lost; owned by the {@link ChunkWriter}. */
  private boolean broken;

  /**
   * @param client the name that it is known by when it comes back; null for one that can't
   * @param session tells its connections apart
   */
  StreamWriter(StreamKey stream, @Nullable String client, String session) {
    this.stream = stream;
    this.id = client == null ? null : new WriterId(stream, client);
    this.session = session;
  }

  public StreamKey stream() {
    return stream;
  }

  /** Whether it may come back, to go on where it was. */
  public boolean mayComeBack() {
    return id != null;
  }

  @Nullable WriterId id() {
    return id;
  }

  String session() {
    return session;
  }

  boolean isBroken() {
    return broken;
  }

  void breaks() {
    broken = true;
  }
}
