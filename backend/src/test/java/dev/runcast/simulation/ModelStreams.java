package dev.runcast.simulation;

import dev.runcast.run.RunId;
import dev.runcast.run.place.Visibility;
import dev.runcast.run.stream.SegmentAppended;
import dev.runcast.run.stream.StreamKey;
import dev.runcast.run.stream.StreamSegment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What is stored of streams: segments that have reached the log, less those that were removed for
 * their age; who appends holds the stream until that is visible. And what a completion must come
 * after: all that was acknowledged when it was written.
 */
final class ModelStreams {
  private final List<SegmentAppended> logged = new ArrayList<>();
  private final List<SegmentAppended> undone = new ArrayList<>();
  private final Set<SegmentAppended> swept = new HashSet<>();
  private final Map<RunId, TreeMap<Long, List<SegmentAppended>>> before = new HashMap<>();
  private int revisions;

  /** The next segment of a stream, after those of the log and of its own transaction. */
  StreamSegment next(StreamKey stream, List<StreamSegment> own, List<String> chunks) {
    long seq =
        Stream.concat(logged.stream().map(SegmentAppended::segment), own.stream())
            .filter(segment -> segment.stream().equals(stream))
            .mapToLong(StreamSegment::nextSeq)
            .max()
            .orElse(0);
    return new StreamSegment(
        stream, ++revisions, seq, chunks.size(), String.join("\n", chunks), 1, Instant.EPOCH);
  }

  void log(SegmentAppended appended) {
    logged.add(appended);
  }

  /** A version of a run is written that is its completion. */
  void completes(RunId run, long version, Visibility now) {
    List<SegmentAppended> acknowledged =
        logged.stream().filter(each -> isOf(each, run) && now.shows(each.xid())).toList();
    before.computeIfAbsent(run, same -> new TreeMap<>()).put(version, acknowledged);
  }

  /** What must have been told before a version of a run. */
  List<SegmentAppended> mustPrecede(RunId run, long version) {
    Map.Entry<Long, List<SegmentAppended>> completed =
        before.getOrDefault(run, new TreeMap<>()).floorEntry(version);
    return completed == null
        ? List.of()
        : completed.getValue().stream().filter(each -> !swept.contains(each)).toList();
  }

  /** What a snapshot shows, by run, stream and number. */
  List<SegmentAppended> shown(Visibility snapshot) {
    return logged.stream()
        .filter(each -> snapshot.shows(each.xid()) && !swept.contains(each))
        .sorted(
            (a, b) ->
                a.segment().stream().equals(b.segment().stream())
                    ? Long.compare(a.segment().firstSeq(), b.segment().firstSeq())
                    : name(a.segment().stream()).compareTo(name(b.segment().stream())))
        .toList();
  }

  private static String name(StreamKey stream) {
    return stream.run() + " " + stream.key();
  }

  /** Every segment of a run that was not removed, in the order of the log. */
  List<SegmentAppended> of(RunId run) {
    return logged.stream().filter(each -> isOf(each, run) && !swept.contains(each)).toList();
  }

  /** Whether a chunk of this text was ever written under this number. */
  boolean everWas(RunId run, String stream, long seq, String text) {
    return Stream.concat(logged.stream(), undone.stream())
        .filter(each -> isOf(each, run) && each.segment().stream().key().equals(stream))
        .anyMatch(each -> text.equals(chunks(each).get(seq)));
  }

  /** Whether such a chunk is in the log, removed since or not. */
  boolean isLogged(RunId run, String stream, long seq, String text) {
    return logged.stream()
        .filter(each -> isOf(each, run) && each.segment().stream().key().equals(stream))
        .anyMatch(each -> text.equals(chunks(each).get(seq)));
  }

  /** By their numbers. */
  static Map<Long, String> chunks(SegmentAppended appended) {
    Map<Long, String> chunks = new LinkedHashMap<>();
    long seq = appended.segment().firstSeq();
    for (String text : appended.segment().chunks().split("\n", -1)) {
      chunks.put(seq++, text);
    }
    return chunks;
  }

  private static boolean isOf(SegmentAppended each, RunId run) {
    return each.segment().stream().run().equals(run);
  }

  /** The oldest of a stream that all can see is removed for its age. */
  void sweep(Random random, Visibility now) {
    List<SegmentAppended> oldest = shown(now);
    if (!oldest.isEmpty()) {
      StreamKey stream = oldest.get(random.nextInt(oldest.size())).segment().stream();
      oldest.stream()
          .filter(each -> each.segment().stream().equals(stream))
          .limit(1 + random.nextInt(2))
          .forEach(swept::add);
    }
  }

  /** All of a run goes with it. */
  void purge(RunId run) {
    logged.stream().filter(each -> isOf(each, run)).forEach(swept::add);
  }

  /**
   * Goes back to where the log had this many entries.
   *
   * @param versions of the runs that there are then
   */
  void restore(int entries, Map<RunId, Long> versions) {
    for (SegmentAppended each : List.copyOf(logged)) {
      if (each.position().lsn().value() > entries) {
        logged.remove(each);
        undone.add(each);
      }
    }
    before.forEach(
        (run, completions) -> completions.tailMap(versions.getOrDefault(run, 0L), false).clear());
  }
}
