package dev.runcast.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.runcast.run.Run;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Frame → the bytes of its JSON, as docs/PROTOCOL.md lays down. Stateless. */
public final class FrameJson {
  private static final JsonFactory JSON = new JsonFactory();

  private FrameJson() {}

  /** UTF-8 JSON of one line. */
  public static byte[] encode(Frame frame, Columns columns) {
    // By way of text: a lone surrogate, which JSON can hold, becomes "?" rather than an error.
    StringWriter text = new StringWriter(frame.weight());
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      if (frame instanceof Frame.RunUpdate update) {
        writeUpdate(json, update, columns);
      } else if (frame instanceof Frame.Snapshot snapshot) {
        writeSnapshot(json, snapshot, columns);
      } else if (frame instanceof Frame.Chunk chunk) {
        writeChunk(json, chunk);
      } else if (frame instanceof Frame.Leave leave) {
        writeLeave(json, leave);
      } else if (frame instanceof Frame.Counts counts) {
        writeCounts(json, counts);
      } else if (frame instanceof Frame.Digest digest) {
        writeDigest(json, digest);
      } else if (frame instanceof Frame.Stale stale) {
        json.writeStringField("since", stale.since().toString());
      } else if (frame instanceof Frame.TokenExpiring expiring) {
        json.writeStringField("expiresAt", expiring.expiresAt().toString());
      } else if (frame instanceof Frame.End end) {
        json.writeStringField("reason", end.code().reason());
        json.writeBooleanField("retryable", end.code().retryable());
        if (end.position() != null) {
          json.writeStringField("position", end.position().toString());
        }
      }
      json.writeEndObject();
    } catch (IOException cannotHappenInMemory) {
      throw new UncheckedIOException(cannotHappenInMemory);
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void writeUpdate(JsonGenerator json, Frame.RunUpdate update, Columns columns)
      throws IOException {
    Run run = update.run();
    json.writeNumberField("version", run.version());
    json.writeBooleanField("whole", update.whole());
    if (update.lsn() != null) {
      json.writeStringField("lsn", update.lsn().toString());
    }
    if (update.committedAt() != null) {
      json.writeStringField("committedAt", update.committedAt().toString());
    }
    json.writeFieldName("run");
    RunJson.write(json, run, columns);
  }

  private static void writeSnapshot(JsonGenerator json, Frame.Snapshot frame, Columns columns)
      throws IOException {
    json.writeBooleanField("full", frame.full());
    json.writeBooleanField("start", frame.start());
    json.writeBooleanField("complete", frame.complete());
    if (!frame.buckets().isEmpty()) {
      json.writeArrayFieldStart("buckets");
      for (int bucket : frame.buckets()) {
        json.writeNumber(bucket);
      }
      json.writeEndArray();
    }
    json.writeArrayFieldStart("runs");
    for (Run run : frame.runs()) {
      json.writeStartObject();
      json.writeNumberField("version", run.version());
      json.writeFieldName("run");
      RunJson.write(json, run, columns);
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("left");
    for (Frame.Leave leave : frame.left()) {
      json.writeStartObject();
      writeLeave(json, leave);
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** Chunks are stored as JSON, and told as they are. */
  private static void writeChunk(JsonGenerator json, Frame.Chunk chunk) throws IOException {
    json.writeStringField("run", chunk.run().value());
    json.writeStringField("stream", chunk.stream());
    json.writeNumberField("seq", chunk.seq());
    json.writeNumberField("at", chunk.at().toEpochMilli());
    json.writeFieldName("data");
    json.writeRawValue("[" + chunk.chunks().replace('\n', ',') + "]");
  }

  private static void writeLeave(JsonGenerator json, Frame.Leave leave) throws IOException {
    json.writeStringField("id", leave.run().value());
    writeVersion(json, leave.version());
    json.writeStringField("reason", leave.reason().text());
  }

  private static void writeCounts(JsonGenerator json, Frame.Counts frame) throws IOException {
    json.writeNumberField("members", frame.members());
    json.writeObjectFieldStart("counts");
    for (Map.Entry<String, Long> status : frame.byStatus().entrySet()) {
      json.writeNumberField(status.getKey(), status.getValue());
    }
    json.writeEndObject();
    if (frame.committedAt() != null) {
      json.writeStringField("committedAt", frame.committedAt().toString());
    }
  }

  private static void writeDigest(JsonGenerator json, Frame.Digest frame) throws IOException {
    json.writeStringField("digest", hex(frame.digest()));
    json.writeNumberField("members", frame.members());
    if (!frame.buckets().isEmpty()) {
      json.writeArrayFieldStart("buckets");
      for (long bucket : frame.buckets()) {
        json.writeString(hex(bucket));
      }
      json.writeEndArray();
    }
  }

  private static String hex(long digest) {
    return HexFormat.of().toHexDigits(digest);
  }

  /** A run that is gone for good has no version; the client drops it whatever it holds. */
  private static void writeVersion(JsonGenerator json, long version) throws IOException {
    @Nullable Long told = version == Long.MAX_VALUE ? null : version;
    if (told == null) {
      json.writeNullField("version");
    } else {
      json.writeNumberField("version", told);
    }
  }
}
