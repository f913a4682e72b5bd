package dev.runcast.http.realtime;

import dev.runcast.http.ApiException;
import dev.runcast.http.auth.Authorizer;
import dev.runcast.http.auth.Principal;
import dev.runcast.run.BatchId;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.Filter;
import dev.runcast.run.Filter.Narrowing;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.run.TimeSpan;
import dev.runcast.run.place.Cursor;
import dev.runcast.run.stream.StreamKey;
import dev.runcast.run.stream.StreamSelection;
import dev.runcast.subscribe.SubscribeRequest;
import dev.runcast.tokens.Scope;
import dev.runcast.wire.Columns;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * URL and headers → {@link FeedRequest}. What can't be understood is a 400 that names the
 * parameter; nothing is looked up. Stateless but for the clock.
 */
public final class SubscribeParser {
  private static final String NOW = "now";
  private static final String STREAMS = "streams";
  private static final int MAX_STREAMS = 100;
  private static final int MAX_TAGS = 32;
  private static final int MAX_TAG_LENGTH = 256;

  /** Names of the token format's rows that the native row has others for. */
  private static final Map<String, String> ROW_NAMES =
      Map.of(
          "delayUntil", "delayedUntil",
          "completedAt", "finishedAt",
          "runTags", "tags",
          "usageDurationMs", "durationMs");

  private final InstantSource clock;

  public SubscribeParser(InstantSource clock) {
    this.clock = clock;
  }

  /** {@code /runs/{runId}} */
  public FeedRequest run(Principal principal, RunId run, FeedQuery query) {
    return run(principal, run, query, start(query));
  }

  /** {@code /runs/{runId}}, of a client that says elsewhere where it was. */
  public FeedRequest run(Principal principal, RunId run, FeedQuery query, Start start) {
    query.refuse(
        "a single run",
        "tags",
        "tag",
        "parent",
        "createdAt",
        "status",
        "taskIdentifier",
        "include",
        "rows",
        "buckets");
    Filter filter = new Filter.ByRun(principal.environment(), run, Narrowing.NONE);
    return request(principal, new Feed(filter, List.of()), query, start, "");
  }

  /** {@code /batches/{batchId}} */
  public FeedRequest batch(Principal principal, BatchId batch, FeedQuery query) {
    return batch(principal, batch, query, start(query));
  }

  /** {@code /batches/{batchId}}, of a client that says elsewhere where it was. */
  public FeedRequest batch(Principal principal, BatchId batch, FeedQuery query, Start start) {
    query.refuse("a batch", "tags", "tag", "parent", "stopOnCompletion");
    Bound bound = bound(query, start);
    Filter filter = new Filter.ByBatch(principal.environment(), batch, bound.narrowing());
    Feed feed = new Feed(filter, Authorizer.readBatch(batch));
    return request(principal, feed, query, start, bound.idSuffix());
  }

  /** {@code /runs}: by tags, by parent, or the whole environment. */
  public FeedRequest runs(Principal principal, FeedQuery query) {
    return runs(principal, query, start(query));
  }

  /** {@code /runs}, of a client that says elsewhere where it was. */
  public FeedRequest runs(Principal principal, FeedQuery query, Start start) {
    query.refuse("a feed of several runs", "stopOnCompletion");
    Bound bound = bound(query, start);
    Feed feed = feed(principal.environment(), query, bound.narrowing());
    return request(principal, feed, query, start, bound.idSuffix());
  }

  /** A filter, and the scopes of which any one lets follow it. */
  private record Feed(Filter filter, List<Scope> needed) {}

  private static Feed feed(EnvironmentId environment, FeedQuery query, Narrowing narrowing) {
    String parent = query.one("parent");
    if (parent != null) {
      RunId run = parent(query, parent);
      return new Feed(
          new Filter.ByParent(environment, run, narrowing), Authorizer.readChildren(run));
    }
    Set<String> tags = tags(query);
    return tags.isEmpty()
        ? new Feed(new Filter.ByEnvironment(environment, narrowing), Authorizer.readRuns())
        : new Feed(new Filter.ByTags(environment, tags, narrowing), Authorizer.readTags(tags));
  }

  private static RunId parent(FeedQuery query, String parent) {
    query.refuse("a feed by parent", "tags", "tag");
    if (!RunId.accepts(parent)) {
      throw ApiException.badRequest(
          "parent", "parent must be the id of a run: 1 to 64 characters of [A-Za-z0-9_].");
    }
    return new RunId(parent);
  }

  private static Set<String> tags(FeedQuery query) {
    Set<String> tags = new LinkedHashSet<>(query.list("tags"));
    tags.addAll(query.repeated("tag"));
    String name = query.has("tags") ? "tags" : "tag";
    if (tags.size() > MAX_TAGS) {
      throw ApiException.badRequest(name, name + " names more than " + MAX_TAGS + " tags.");
    }
    for (String tag : tags) {
      if (tag.length() > MAX_TAG_LENGTH || tag.chars().anyMatch(Character::isISOControl)) {
        throw ApiException.badRequest(
            name,
            name
                + " holds a tag that no run can have: at most "
                + MAX_TAG_LENGTH
                + " characters, none of them a control character.");
      }
    }
    return tags;
  }

  private static FeedRequest request(
      Principal principal, Feed feed, FeedQuery query, Start start, String idSuffix) {
    Inclusion inclusion = Inclusion.of(query, start.fromNow());
    return new FeedRequest(
        principal.bearer(),
        new SubscribeRequest(
            feed.filter(),
            columns(principal, query),
            start.after(),
            start.fromNow(),
            query.flag("stopOnCompletion"),
            SampleInterval.of(query),
            inclusion.rows(),
            inclusion.sums(),
            inclusion.repair(),
            streams(query)),
        idSuffix,
        feed.needed());
  }

  private static @Nullable StreamSelection streams(FeedQuery query) {
    if (!query.has(STREAMS)) {
      return null;
    }
    Set<String> names = query.list(STREAMS);
    if (names.size() > MAX_STREAMS) {
      throw ApiException.badRequest(
          STREAMS, "streams names more than " + MAX_STREAMS + " streams; * stands for all.");
    }
    for (String name : names) {
      if (!StreamKey.accepts(name)) {
        throw ApiException.badRequest(
            STREAMS,
            "streams holds a name that no stream of a run can have; what is sent in to a run is read"
                + " at /realtime/v1/streams/{run}/input/{name}.");
      }
    }
    return names.contains("*") ? StreamSelection.ALL : new StreamSelection(names);
  }

  /** What a token's issuer left out stays out, whatever the bearer asks for. */
  private static Columns columns(Principal principal, FeedQuery query) {
    Set<String> asked = query.list("skipColumns");
    Set<String> skipped =
        principal.skipColumns().isEmpty() ? asked : Set.copyOf(principal.skipColumns());
    return new Columns(
        skipped.stream()
            .map(name -> ROW_NAMES.getOrDefault(name, name))
            .collect(Collectors.toUnmodifiableSet()));
  }

  /**
   * Where a client begins.
   *
   * @param after where it was; null for the beginning
   * @param createdAfter the bound that its first request was given; null for none yet
   * @param fromNow whether it began with what happened from then on
   */
  public record Start(@Nullable Cursor after, @Nullable Instant createdAfter, boolean fromNow) {
    static Start of(@Nullable EventId id, boolean fromNow) {
      return id == null
          ? new Start(null, null, fromNow)
          : new Start(id.cursor(), id.createdAfter(), fromNow);
    }
  }

  private static Start start(FeedQuery query) {
    String header = query.lastEventId();
    String after = query.one("after");
    if (header != null && !header.isEmpty()) {
      // An EventSource repeats its URL: a feed that began from now goes on telling whole rows.
      return Start.of(id("Last-Event-ID", header), NOW.equals(after));
    }
    if (after == null) {
      return Start.of(null, false);
    }
    return after.equals(NOW) ? Start.of(null, true) : Start.of(id("after", after), false);
  }

  private static EventId id(String name, String text) {
    try {
      return EventId.parse(text);
    } catch (IllegalArgumentException foreign) {
      throw ApiException.badRequest(
          name,
          name
              + " must be the id of an event or a cursor that this service gave"
              + (name.equals("after") ? ", or now." : "."));
    }
  }

  /**
   * @param idSuffix empty unless the bound was told relative to now and so must be remembered
   */
  private record Bound(Narrowing narrowing, String idSuffix) {}

  private Bound bound(FeedQuery query, Start start) {
    Set<RunStatus> statuses = statuses(query);
    Set<String> tasks = query.list("taskIdentifier");
    if (tasks.size() > MAX_TAGS) {
      throw ApiException.badRequest(
          "taskIdentifier", "taskIdentifier names more than " + MAX_TAGS + " tasks.");
    }
    String text = query.one("createdAt");
    if (text == null) {
      return new Bound(new Narrowing(null, statuses, tasks), "");
    }
    if (text.indexOf('T') > 0) {
      return new Bound(new Narrowing(instant(text), statuses, tasks), "");
    }
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    Instant fresh = TimeSpan.parse(text).map(now::minus).orElseThrow(SubscribeParser::badCreatedAt);
    Instant pinned = start.createdAfter();
    Instant createdAfter = pinned == null ? fresh : pinned;
    return new Bound(new Narrowing(createdAfter, statuses, tasks), EventId.suffix(createdAfter));
  }

  private static Set<RunStatus> statuses(FeedQuery query) {
    Set<RunStatus> statuses = EnumSet.noneOf(RunStatus.class);
    for (String name : query.list("status")) {
      Set<RunStatus> shown = RunStatus.shownAs(name);
      if (shown.isEmpty()) {
        throw ApiException.badRequest(
            "status",
            "status must name statuses as REST shows them, such as QUEUED, EXECUTING or COMPLETED.");
      }
      statuses.addAll(shown);
    }
    return statuses;
  }

  private static Instant instant(String text) {
    try {
      Instant instant = Instant.parse(text);
      if (EventId.canHold(instant)) {
        return instant;
      }
    } catch (DateTimeParseException malformed) {
      throw badCreatedAt();
    }
    throw badCreatedAt();
  }

  private static ApiException badCreatedAt() {
    return ApiException.badRequest(
        "createdAt",
        "createdAt must be a length of time such as 30m, 1h30m or 7d, or an instant such as"
            + " 2026-01-02T03:04:05Z.");
  }
}
