package dev.runcast.cluster;

import dev.runcast.run.BatchId;
import dev.runcast.run.ChangeBatch;
import dev.runcast.run.Column;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.Run;
import dev.runcast.run.RunChanged;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.run.place.Incarnation;
import dev.runcast.run.place.Lsn;
import dev.runcast.run.place.Position;
import dev.runcast.run.revocation.Revocation;
import dev.runcast.run.revocation.Revoked;
import dev.runcast.run.stream.SegmentAppended;
import dev.runcast.run.stream.StreamKey;
import dev.runcast.run.stream.StreamSegment;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Batches with everything in them that a batch may hold: nulls, unchanged columns, any text. */
final class RandomBatches {
  private final Random random;

  RandomBatches(Random random) {
    this.random = random;
  }

  ChangeBatch next() {
    return new ChangeBatch(
        new Incarnation(random.nextLong(), random.nextInt()),
        random.nextLong(),
        lsn(),
        lsn(),
        list(5, this::entry));
  }

  private ChangeBatch.Entry entry() {
    return switch (random.nextInt(3)) {
      case 0 -> committed(random.nextLong());
      case 1 ->
          new ChangeBatch.Oversized(
              lsn(),
              random.nextLong(),
              list(4, () -> new EnvironmentId(id())).stream().collect(Collectors.toSet()),
              maybe(() -> random.longs(random.nextInt(20)).boxed().collect(Collectors.toSet())));
      default -> new ChangeBatch.Horizon(lsn(), random.nextLong(), random.nextLong());
    };
  }

  private ChangeBatch.Committed committed(long xid) {
    return new ChangeBatch.Committed(
        lsn(),
        xid,
        time(),
        list(4, this::change),
        list(4, () -> segment(xid)),
        list(4, this::revoked));
  }

  RunChanged change() {
    return new RunChanged(
        new Position(lsn(), random.nextInt()),
        time(),
        run(),
        random.nextBoolean(),
        maybe(this::status),
        maybe(random::nextInt));
  }

  private SegmentAppended segment(long xid) {
    return new SegmentAppended(
        new Position(lsn(), random.nextInt()),
        xid,
        new StreamSegment(
            new StreamKey(new EnvironmentId(id()), new RunId(id()), "k" + text()),
            random.nextLong(),
            random.nextLong(),
            random.nextInt(),
            text(),
            random.nextInt(),
            time()));
  }

  private Revoked revoked() {
    Revocation.Kind[] kinds = Revocation.Kind.values();
    return new Revoked(
        new Position(lsn(), random.nextInt()),
        new Revocation(
            new Revocation.Identity(
                new EnvironmentId(id()), kinds[random.nextInt(kinds.length)], text()),
            maybe(this::time),
            maybe(this::time),
            time()));
  }

  private Run run() {
    return new Run(
        new EnvironmentId(id()),
        new RunId(id()),
        random.nextLong(),
        random.nextLong(),
        status(),
        text(),
        list(10, this::text),
        new Run.Links(
            maybe(() -> new BatchId(id())),
            maybe(() -> new RunId(id())),
            maybe(() -> new RunId(id())),
            random.nextInt()),
        new Run.Times(
            time(),
            time(),
            maybe(this::time),
            maybe(this::time),
            maybe(this::time),
            maybe(this::time),
            maybe(this::time)),
        facts(),
        contents());
  }

  private Run.Facts facts() {
    return new Run.Facts(
        maybe(this::text),
        maybe(this::text),
        maybe(this::text),
        maybe(this::text),
        maybe(this::text),
        maybe(this::text),
        random.nextInt(),
        maybe(random::nextInt),
        maybe(random::nextInt),
        text(),
        random.nextBoolean(),
        random.nextInt(),
        random.nextInt(),
        random.nextDouble(),
        random.nextDouble(),
        list(3, this::text));
  }

  private Run.Contents contents() {
    return new Run.Contents(
        maybe(this::text),
        maybe(this::text),
        maybe(this::text),
        column(),
        column(),
        column(),
        column(),
        column(),
        column());
  }

  private Column<String> column() {
    return random.nextInt(3) == 0 ? Column.unchanged() : Column.known(maybe(this::text));
  }

  private RunStatus status() {
    List<RunStatus> all = List.of(RunStatus.values());
    return all.get(random.nextInt(all.size()));
  }

  private Lsn lsn() {
    return new Lsn(random.nextLong());
  }

  private Instant time() {
    return Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000) * 1_000L);
  }

  private String id() {
    return "id_" + Integer.toHexString(random.nextInt());
  }

  /** Of any characters but halves of a surrogate pair, which no text of Postgres holds. */
  private String text() {
    return random
        .ints(random.nextInt(40), 0, Character.MAX_CODE_POINT + 1)
        .filter(point -> point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private <T> T maybe(Supplier<T> value) {
    return random.nextInt(3) == 0 ? null : value.get();
  }

  private <T> List<T> list(int bound, Supplier<T> element) {
    return IntStream.range(0, random.nextInt(bound)).mapToObj(i -> element.get()).toList();
  }
}
