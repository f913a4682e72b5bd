package dev.runcast.simulation;

import dev.runcast.run.Filter;
import dev.runcast.run.RunId;
import dev.runcast.run.stream.SegmentAppended;
import dev.runcast.run.stream.StreamSelection;
import dev.runcast.wire.Frame;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The chunks that a client holds, as a set by their numbers, and what it must hold. Whatever it is
 * told is held against the streams.
 */
final class HeldChunks {
  private record Stream(RunId run, String key) {}

  private final String client;
  private final Filter filter;
  private final StreamSelection streams;
  private final ModelPostgres postgres;
  private Map<Stream, Map<Long, String>> held = new HashMap<>();

  /** What a full read under way has given; null if none is. */
  private Map<Stream, Map<Long, String>> given;

  /**
   * @param streams null for a client that asks for none
   */
  HeldChunks(String client, StreamSelection streams, Filter filter, ModelPostgres postgres) {
    this.client = client + " " + filter;
    this.filter = filter;
    this.streams = streams;
    this.postgres = postgres;
  }

  private HeldChunks(HeldChunks other) {
    client = other.client;
    filter = other.filter;
    streams = other.streams;
    postgres = other.postgres;
    held = copy(other.held);
    given = other.given == null ? null : copy(other.given);
  }

  private static Map<Stream, Map<Long, String>> copy(Map<Stream, Map<Long, String>> of) {
    Map<Stream, Map<Long, String>> copy = new HashMap<>();
    of.forEach((stream, chunks) -> copy.put(stream, new TreeMap<>(chunks)));
    return copy;
  }

  HeldChunks copy() {
    return new HeldChunks(this);
  }

  StreamSelection streams() {
    return streams;
  }

  void forget() {
    held.clear();
    given = null;
  }

  void fullReadBegins() {
    given = new HashMap<>();
  }

  void fullReadEnds() {
    if (given != null) {
      held = given;
      given = null;
    }
  }

  /** It goes back to a cursor that is in no full read. */
  void noFullRead() {
    given = null;
  }

  /**
   * Takes chunks, which must be in sequence: none before them is missing.
   *
   * @param current whether they can't be of two histories at once
   * @param promised what it was to be told of before
   */
  void take(Frame.Chunk told, boolean current, Predicate<SegmentAppended> promised) {
    if (streams == null) {
      throw new AssertionError(client + " never asked for " + told);
    }
    Map<Long, String> chunks = chunksOf(held, told);
    long seq = told.seq();
    for (String text : told.chunks().split("\n", -1)) {
      if (current && !postgres.streams.everWas(told.run(), told.stream(), seq, text)) {
        throw new AssertionError(client + " is told of a chunk that never was: " + told);
      }
      if (given != null) {
        chunksOf(given, told).put(seq, text);
      }
      chunks.put(seq++, text);
    }
    if (current) {
      checkSequence(told, promised);
      if (!postgres.everWas(told.run(), filter::matches)) {
        throw new AssertionError(client + " is told chunks of what was never its: " + told);
      }
    }
  }

  private static Map<Long, String> chunksOf(Map<Stream, Map<Long, String>> of, Frame.Chunk told) {
    return of.computeIfAbsent(new Stream(told.run(), told.stream()), same -> new TreeMap<>());
  }

  private void checkSequence(Frame.Chunk told, Predicate<SegmentAppended> promised) {
    List<SegmentAppended> before =
        postgres.streams.of(told.run()).stream()
            .filter(each -> each.segment().stream().key().equals(told.stream()))
            .filter(each -> each.segment().firstSeq() < told.seq())
            .filter(promised)
            .toList();
    requireAll(before, "is told out of sequence " + told);
  }

  /** All of these must be held. */
  void requireAll(Collection<SegmentAppended> segments, Object claim) {
    if (streams == null) {
      return;
    }
    for (SegmentAppended each : segments) {
      if (streams.takes(each.segment().stream()) && !holds(each)) {
        throw new AssertionError(client + " lacks " + each + ": " + claim);
      }
    }
  }

  private boolean holds(SegmentAppended each) {
    Map<Long, String> chunks =
        held.getOrDefault(
            new Stream(each.segment().stream().run(), each.segment().stream().key()),
            new TreeMap<>());
    return ModelStreams.chunks(each).entrySet().stream()
        .allMatch(chunk -> chunk.getValue().equals(chunks.get(chunk.getKey())));
  }

  /** Of the runs that it holds, nothing else than what was stored may be there at rest. */
  void checkAtRest(Collection<RunId> runs) {
    held.forEach(
        (stream, chunks) -> {
          if (runs.contains(stream.run)) {
            chunks.forEach(
                (seq, text) -> {
                  if (!postgres.streams.isLogged(stream.run, stream.key, seq, text)) {
                    throw new AssertionError(client + " rests with " + stream + " " + seq);
                  }
                });
          }
        });
  }

  /** After the last chunk of a stream that it holds and that was told before a place. */
  Map<String, Long> nextOf(Predicate<SegmentAppended> told) {
    Map<String, Long> next = new HashMap<>();
    held.forEach(
        (stream, chunks) ->
            postgres.streams.of(stream.run).stream()
                .filter(each -> each.segment().stream().key().equals(stream.key))
                .filter(told)
                .filter(this::holds)
                .forEach(
                    each ->
                        next.merge(
                            stream.run + " " + stream.key, each.segment().nextSeq(), Math::max)));
    return next;
  }

  @Override
  public String toString() {
    return held.toString();
  }
}
