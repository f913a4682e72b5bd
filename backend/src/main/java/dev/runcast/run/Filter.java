package dev.runcast.run;

import dev.runcast.run.tally.RunHash;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a subscription follows. The scope (run, tags, batch, parent, environment, and the task and
 * creation time of {@link Narrowing}) only ever admits a run, never lets it go: tags are only added
 * and the rest is fixed. The status is the one part that a run may leave by.
 */
public sealed interface Filter {

  EnvironmentId environment();

  Narrowing narrowing();

  /** The keys it is found by; a run in scope carries every one of them. Never empty. */
  List<FilterKey> keys();

  /** Whether a run with these tags is in the scope, whatever its status. */
  boolean inScope(Run run, List<String> tags);

  default boolean inScope(Run run) {
    return inScope(run, run.tags());
  }

  /** The same feed, narrowed in another way. */
  Filter narrowedTo(Narrowing other);

  /** Whether the run belongs to the feed as it stands. */
  default boolean matches(Run run) {
    return inScope(run) && narrowing().admits(run.status());
  }

  /** Whether the run belonged to the feed before this change. */
  default boolean matchedBefore(RunChanged change) {
    return !change.inserted()
        && narrowing().admits(change.statusBefore())
        && inScope(change.run(), change.tagsBefore());
  }

  /** Every key under which a filter that concerns this run may be found. */
  static List<FilterKey> keysOf(Run run) {
    return keysOf(run.environment(), run.id(), run.links(), run.tags());
  }

  /** The same, of a run of which only this much is known. */
  static List<FilterKey> keysOf(
      EnvironmentId environment, RunId run, Run.Links links, List<String> tags) {
    List<FilterKey> keys = new ArrayList<>(tags.size() + 4);
    keys.add(new FilterKey(FilterKey.Kind.ENVIRONMENT, environment, ""));
    keys.add(new FilterKey(FilterKey.Kind.RUN, environment, run.value()));
    if (links.batch() != null) {
      keys.add(new FilterKey(FilterKey.Kind.BATCH, environment, links.batch().value()));
    }
    if (links.parent() != null) {
      keys.add(new FilterKey(FilterKey.Kind.PARENT, environment, links.parent().value()));
    }
    for (String tag : tags) {
      keys.add(new FilterKey(FilterKey.Kind.TAG, environment, tag));
    }
    return keys;
  }

  /**
   * Narrows any filter.
   *
   * @param createdAfter only runs created at or after this; null for all
   * @param statuses only runs in one of these; empty for all that are not deleted
   * @param tasks only runs of one of these tasks; empty for all
   * @param slice what a read covers that is to repair what a client holds; null for everything
   */
  record Narrowing(
      @Nullable Instant createdAfter,
      Set<RunStatus> statuses,
      Set<String> tasks,
      @Nullable Slice slice) {
    public static final Narrowing NONE = new Narrowing(null, Set.of(), Set.of());

    public Narrowing {
      statuses = Set.copyOf(statuses);
      tasks = Set.copyOf(tasks);
    }

    /** As a subscription has it. */
    public Narrowing(@Nullable Instant createdAfter, Set<RunStatus> statuses, Set<String> tasks) {
      this(createdAfter, statuses, tasks, null);
    }

    /** For a read that covers no more than this. */
    public Narrowing of(Slice covered) {
      return new Narrowing(createdAfter, statuses, tasks, covered);
    }

    boolean admits(RunStatus status) {
      return status != RunStatus.DELETED && (statuses.isEmpty() || statuses.contains(status));
    }

    boolean inScope(Run run) {
      return (createdAfter == null || !run.times().createdAt().isBefore(createdAfter))
          && (tasks.isEmpty() || tasks.contains(run.taskIdentifier()))
          && (slice == null || slice.holds(run));
    }
  }

  /**
   * Some parts of a feed, and whatever has changed of the rest.
   *
   * @param buckets the parts, by {@link RunHash#bucketOf}
   * @param changedFrom runs that were written by a transaction at or beyond this are covered too
   */
  record Slice(Set<Integer> buckets, long changedFrom) {
    public Slice {
      buckets = Set.copyOf(buckets);
    }

    boolean holds(Run run) {
      return run.changedXid() >= changedFrom || buckets.contains(RunHash.bucketOf(run.id()));
    }
  }

  /** One run. */
  record ByRun(EnvironmentId environment, RunId run, Narrowing narrowing) implements Filter {
    @Override
    public Filter narrowedTo(Narrowing other) {
      return new ByRun(environment, run, other);
    }

    @Override
    public List<FilterKey> keys() {
      return List.of(new FilterKey(FilterKey.Kind.RUN, environment, run.value()));
    }

    @Override
    public boolean inScope(Run candidate, List<String> tags) {
      return candidate.id().equals(run)
          && candidate.environment().equals(environment)
          && narrowing.inScope(candidate);
    }
  }

  /** Runs that carry all of these tags; at least one. */
  record ByTags(EnvironmentId environment, Set<String> tags, Narrowing narrowing)
      implements Filter {
    public ByTags {
      if (tags.isEmpty()) {
        throw new IllegalArgumentException("tags must name at least one tag");
      }
      tags = Set.copyOf(tags);
    }

    @Override
    public Filter narrowedTo(Narrowing other) {
      return new ByTags(environment, tags, other);
    }

    @Override
    public List<FilterKey> keys() {
      return new TreeSet<>(tags)
          .stream().map(tag -> new FilterKey(FilterKey.Kind.TAG, environment, tag)).toList();
    }

    @Override
    public boolean inScope(Run candidate, List<String> candidateTags) {
      return candidate.environment().equals(environment)
          && candidateTags.containsAll(tags)
          && narrowing.inScope(candidate);
    }
  }

  /** Runs of one batch. */
  record ByBatch(EnvironmentId environment, BatchId batch, Narrowing narrowing) implements Filter {
    @Override
    public Filter narrowedTo(Narrowing other) {
      return new ByBatch(environment, batch, other);
    }

    @Override
    public List<FilterKey> keys() {
      return List.of(new FilterKey(FilterKey.Kind.BATCH, environment, batch.value()));
    }

    @Override
    public boolean inScope(Run candidate, List<String> tags) {
      return batch.equals(candidate.links().batch())
          && candidate.environment().equals(environment)
          && narrowing.inScope(candidate);
    }
  }

  /** Runs triggered by one run: its children, not theirs. */
  record ByParent(EnvironmentId environment, RunId parent, Narrowing narrowing) implements Filter {
    @Override
    public Filter narrowedTo(Narrowing other) {
      return new ByParent(environment, parent, other);
    }

    @Override
    public List<FilterKey> keys() {
      return List.of(new FilterKey(FilterKey.Kind.PARENT, environment, parent.value()));
    }

    @Override
    public boolean inScope(Run candidate, List<String> tags) {
      return parent.equals(candidate.links().parent())
          && candidate.environment().equals(environment)
          && narrowing.inScope(candidate);
    }
  }

  /** Every run of the environment. */
  record ByEnvironment(EnvironmentId environment, Narrowing narrowing) implements Filter {
    @Override
    public Filter narrowedTo(Narrowing other) {
      return new ByEnvironment(environment, other);
    }

    @Override
    public List<FilterKey> keys() {
      return List.of(new FilterKey(FilterKey.Kind.ENVIRONMENT, environment, ""));
    }

    @Override
    public boolean inScope(Run candidate, List<String> tags) {
      return candidate.environment().equals(environment) && narrowing.inScope(candidate);
    }
  }
}
