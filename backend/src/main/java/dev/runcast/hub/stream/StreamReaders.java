package dev.runcast.hub.stream;

import dev.runcast.hub.log.HeardLog;
import dev.runcast.run.ChangeBatch.Committed;
import dev.runcast.run.ChangeBatch.Oversized;
import dev.runcast.run.FilterKey;
import dev.runcast.run.RunChanged;
import dev.runcast.run.place.Visibility;
import dev.runcast.run.stream.SegmentAppended;
import dev.runcast.run.stream.StreamKey;
import dev.runcast.wire.SharedSegment;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** All readers of streams on one event loop, found by stream and by run. Owned by its hub. */
public final class StreamReaders {
  private final HeardLog heard;
  private final Map<StreamKey, Set<StreamReader>> byStream = new HashMap<>();
  private final Map<FilterKey, Set<StreamReader>> byRun = new HashMap<>();
  private int size;

  public StreamReaders(HeardLog heard) {
    this.heard = heard;
  }

  /** How many there are. */
  public int size() {
    return size;
  }

  void add(StreamReader reader) {
    byStream.computeIfAbsent(reader.stream(), stream -> new LinkedHashSet<>()).add(reader);
    byRun.computeIfAbsent(reader.stream().ofRun(), run -> new LinkedHashSet<>()).add(reader);
    size++;
  }

  void remove(StreamReader reader) {
    if (remove(byStream, reader.stream(), reader)) {
      remove(byRun, reader.stream().ofRun(), reader);
      size--;
    }
  }

  private static <K> boolean remove(Map<K, Set<StreamReader>> index, K key, StreamReader reader) {
    Set<StreamReader> found = index.get(key);
    if (found == null || !found.remove(reader)) {
      return false;
    }
    if (found.isEmpty()) {
      index.remove(key);
    }
    return true;
  }

  // From the log, by the hub.

  /** Takes a transaction: its chunks first, then that runs are done. */
  public void take(Committed transaction) {
    if (size == 0) {
      return;
    }
    for (SegmentAppended appended : transaction.segments()) {
      List<StreamReader> readers = readersOf(byStream, appended.segment().stream());
      if (!readers.isEmpty()) {
        SharedSegment shared = new SharedSegment(appended.segment());
        readers.forEach(reader -> reader.offer(shared));
      }
    }
    for (RunChanged change : transaction.changes()) {
      if (change.run().status().isFinal()) {
        readersOf(byRun, runOf(change)).forEach(StreamReader::runEnded);
      }
    }
    endThoseDone(transaction);
  }

  /** Not before the whole transaction was taken: a later segment of it says who still writes. */
  private void endThoseDone(Committed transaction) {
    for (SegmentAppended appended : transaction.segments()) {
      if (appended.segment().writers() == 0) {
        readersOf(byStream, appended.segment().stream()).forEach(StreamReader::endIfDone);
      }
    }
    for (RunChanged change : transaction.changes()) {
      if (change.run().status().isFinal()) {
        readersOf(byRun, runOf(change)).forEach(StreamReader::endIfDone);
      }
    }
  }

  /** Gives a reader what its snapshot does not show, of the recent past. */
  void replay(StreamReader reader, Visibility shown) {
    FilterKey run = reader.stream().ofRun();
    heard.transactionsNotShownBy(
        shown,
        transaction -> {
          for (SegmentAppended appended : transaction.segments()) {
            if (appended.segment().stream().equals(reader.stream())) {
              reader.offer(new SharedSegment(appended.segment()));
            }
          }
          for (RunChanged change : transaction.changes()) {
            if (change.run().status().isFinal() && runOf(change).equals(run)) {
              reader.runEnded();
            }
          }
        });
  }

  /** A transaction of which the rows were not told. */
  public void missed(Oversized transaction) {
    all().stream()
        .filter(reader -> transaction.concerns(reader.stream()))
        .forEach(StreamReader::readAgain);
  }

  /** Something between two batches was not heard. */
  public void readAgain() {
    all().forEach(StreamReader::readAgain);
  }

  /** The replication session has begun anew. */
  public void sessionChanged() {
    all().forEach(StreamReader::sessionChanged);
  }

  /** Another history of the log has begun: numbers may be given out anew. */
  public void historyChanged() {
    all().forEach(StreamReader::historyChanged);
  }

  /** A horizon has passed. */
  public void horizonPassed() {
    all().forEach(reader -> reader.horizonPassed(heard));
  }

  /** Has every client come back. */
  public void breakOffAll() {
    all().forEach(StreamReader::breakOff);
  }

  /** All of them, as they are now. */
  public List<StreamReader> all() {
    return byStream.values().stream().flatMap(Set::stream).toList();
  }

  private static <K> List<StreamReader> readersOf(Map<K, Set<StreamReader>> index, K key) {
    Set<StreamReader> readers = index.get(key);
    return readers == null ? List.of() : List.copyOf(readers);
  }

  private static FilterKey runOf(RunChanged change) {
    return new FilterKey(FilterKey.Kind.RUN, change.run().environment(), change.run().id().value());
  }
}
