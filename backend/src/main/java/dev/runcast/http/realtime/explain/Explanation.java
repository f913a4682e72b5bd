package dev.runcast.http.realtime.explain;

import dev.runcast.http.auth.Authorizer;
import dev.runcast.http.auth.Principal;
import dev.runcast.http.realtime.FeedRequest;
import dev.runcast.run.Filter;
import dev.runcast.run.FilterKey;
import dev.runcast.run.Run;
import dev.runcast.run.RunStatus;
import dev.runcast.tokens.Scope;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which rules keep a run from a feed; none if it would be shown. Pure.
 *
 * @param reasons in the order in which a subscription meets them
 * @param skipped columns that would be left out of what is shown
 */
record Explanation(List<Reason> reasons, Set<String> skipped) {

  /**
   * A rule that the run fails.
   *
   * @param rule a word for programs
   * @param text a sentence for people
   */
  record Reason(String rule, String text) {}

  Explanation {
    reasons = List.copyOf(reasons);
  }

  boolean reaches() {
    return reasons.isEmpty();
  }

  /**
   * Judges one run. Of a run that the principal may not read nothing is told, not even whether it
   * is there.
   *
   * @param run as the table has it; null when there is none in the principal's environment
   */
  static Explanation of(Principal principal, FeedRequest feed, @Nullable Run run) {
    Set<String> skipped = new TreeSet<>(feed.subscribe().columns().skipped());
    List<Scope> read = run == null ? List.of() : readers(run);
    if (run == null || !principal.grants().allowsAny(read)) {
      return new Explanation(
          List.of(
              new Reason(
                  "unknown",
                  "There is no such run in this environment, or none that this token may read.")),
          skipped);
    }
    Judge judge = new Judge(principal, feed, run);
    judge.scope();
    judge.deletion();
    judge.keys();
    judge.narrowing();
    return new Explanation(judge.reasons, skipped);
  }

  private static List<Scope> readers(Run run) {
    return Authorizer.readRun(run.id(), run.taskIdentifier(), run.tags(), run.links().batch());
  }

  /** Goes through the rules. */
  private record Judge(Principal principal, FeedRequest feed, Run run, List<Reason> reasons) {
    Judge(Principal principal, FeedRequest feed, Run run) {
      this(principal, feed, run, new ArrayList<>());
    }

    void scope() {
      List<Scope> needed = feed.needed();
      if (!needed.isEmpty() && !principal.grants().allowsAny(needed)) {
        add("scope", "The token may not follow this feed; it needs one of " + listed(needed) + ".");
      }
    }

    void deletion() {
      if (run.status() == RunStatus.DELETED) {
        add("deleted", "The run was deleted: whoever followed it was told so.");
      }
    }

    void keys() {
      Set<FilterKey> has = new HashSet<>(Filter.keysOf(run));
      for (FilterKey key : feed.subscribe().filter().keys()) {
        if (!has.contains(key)) {
          missing(key);
        }
      }
    }

    private void missing(FilterKey key) {
      String value = key.value();
      switch (key.kind()) {
        case RUN -> add("run", "The feed is of another run, " + value + ".");
        case TAG -> add("tag", "The run does not have the tag '" + value + "'.");
        case BATCH ->
            add("batch", "The feed is of the batch " + value + ", the run of " + batch() + ".");
        case PARENT ->
            add("parent", "The run was not triggered by " + value + ", but by " + parent() + ".");
        case ENVIRONMENT, CHUNKS -> add("environment", "The run is of another environment.");
      }
    }

    private String batch() {
      return run.links().batch() == null ? "none" : run.links().batch().toString();
    }

    private String parent() {
      return run.links().parent() == null ? "no other run" : run.links().parent().toString();
    }

    void narrowing() {
      Filter.Narrowing narrowing = feed.subscribe().filter().narrowing();
      if (narrowing.createdAfter() != null
          && run.times().createdAt().isBefore(narrowing.createdAfter())) {
        add(
            "createdAt",
            "The run was created at %s, before %s, where the feed begins."
                .formatted(run.times().createdAt(), narrowing.createdAfter()));
      }
      if (!narrowing.tasks().isEmpty() && !narrowing.tasks().contains(run.taskIdentifier())) {
        add(
            "taskIdentifier",
            "The run is of the task '%s'; the feed shows only %s."
                .formatted(run.taskIdentifier(), listed(narrowing.tasks())));
      }
      if (!narrowing.statuses().isEmpty() && !narrowing.statuses().contains(run.status())) {
        add(
            "status",
            "The run is %s; the feed shows only runs that are %s."
                .formatted(run.status().apiName(), listed(names(narrowing.statuses()))));
      }
    }

    private static Set<String> names(Set<RunStatus> statuses) {
      return statuses.stream()
          .map(RunStatus::apiName)
          .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String listed(Collection<?> things) {
      return things.stream().map(Object::toString).sorted().collect(Collectors.joining(", "));
    }

    private void add(String rule, String text) {
      reasons.add(new Reason(rule, text));
    }
  }
}
