package dev.runcast.http.auth;

import dev.runcast.http.ApiError;
import dev.runcast.http.ApiException;
import dev.runcast.run.BatchId;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.run.WaitpointId;
import dev.runcast.tokens.Scope;
import dev.runcast.wire.Packet;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a thing may be reached by: the scopes of which any one will do, and the refusal of who has
 * none of them. Pure.
 */
public final class Authorizer {
  private static final String READ = "read";
  private static final String RUNS = "runs";
  private static final String TASKS = "tasks";
  private static final String TAGS = "tags";
  private static final String BATCH = "batch";
  private static final String WAITPOINTS = "waitpoints";
  private static final String TRACES = "traces";
  private static final String BATCH_TRIGGER = "batchTrigger";

  private Authorizer() {}

  /**
   * Lets pass who holds one of these scopes.
   *
   * @throws ApiException 403 otherwise
   */
  public static void requireAny(Principal principal, Collection<Scope> needed) {
    if (!principal.grants().allowsAny(needed)) {
      throw forbidden(needed, "one of ");
    }
  }

  /**
   * Lets pass who holds every one of these scopes.
   *
   * @throws ApiException 403 otherwise
   */
  public static void requireAll(Principal principal, Collection<Scope> needed) {
    if (!principal.grants().allowsAll(needed)) {
      throw forbidden(needed, "all of ");
    }
  }

  /**
   * Lets pass only the secret key itself: for what no public token can be granted.
   *
   * @throws ApiException 403 otherwise
   */
  public static void requireSecretKey(Principal principal) {
    if (!principal.holdsSecretKey()) {
      throw new ApiException(
          ApiError.FORBIDDEN,
          "A public access token can't do this; use the environment's secret key.");
    }
  }

  /** The environment of the secret key that a request came with; fails for any public token. */
  public static EnvironmentId keyOnly(RoutingContext context) {
    Principal principal = Principal.of(context);
    requireSecretKey(principal);
    return principal.environment();
  }

  /**
   * Lets only the secret key itself give a run a payload or an output that is not sent but named: a
   * name may be that of somebody else's.
   *
   * @param type of the payload or output
   * @param param where it was asked for
   * @throws ApiException 403 otherwise
   */
  public static void requireOwnPacket(Principal principal, @Nullable String type, String param) {
    if (Packet.STORE_TYPE.equals(type) && !principal.holdsSecretKey()) {
      throw new ApiException(
          ApiError.FORBIDDEN,
          "A public access token can't send data of type "
              + Packet.STORE_TYPE
              + "; send the data itself.",
          param);
    }
  }

  /**
   * Lets only who may read a run make it the parent of others: it is shown beside its children.
   *
   * @param parent null for none
   * @param param where it was asked for
   * @throws ApiException 403 otherwise
   */
  public static void requireParent(Principal principal, @Nullable RunId parent, String param) {
    if (parent != null && !principal.grants().allowsAny(readRun(parent))) {
      throw named(
          param, "The access token's scopes do not cover this parent; it needs read:runs for it.");
    }
  }

  /**
   * Lets only who may add to a batch make a run one of it.
   *
   * @param batch null for none
   * @param param where it was asked for
   * @throws ApiException 403 otherwise
   */
  public static void requireBatch(Principal principal, @Nullable BatchId batch, String param) {
    if (batch != null && !principal.grants().allowsAny(writeBatch(batch))) {
      throw named(
          param, "The access token's scopes do not cover this batch; it needs write:batch for it.");
    }
  }

  /**
   * Lets only who may trigger all tasks of a batch come to it by its idempotency key: a token for
   * it is given with the answer.
   *
   * @param tasks null for any
   * @throws ApiException 403 otherwise
   */
  public static void requireTasksOfBatch(Principal principal, @Nullable Collection<String> tasks) {
    if (!principal.grants().allowsAll(tasks == null ? batchTriggerAny() : batchTrigger(tasks))) {
      throw named(
          "idempotencyKey",
          "The idempotency key belongs to a batch of tasks that the access token's scopes do not"
              + " cover; take another key.");
    }
  }

  private static ApiException named(String param, String sentence) {
    return new ApiException(ApiError.FORBIDDEN, sentence, param);
  }

  /** To change any run of the environment. */
  public static List<Scope> writeRuns() {
    return List.of(Scope.of("write", RUNS));
  }

  /** To read one run, whatever the way that the token names it by. */
  public static List<Scope> readRun(
      RunId run, String task, Collection<String> tags, @Nullable BatchId batch) {
    List<Scope> scopes = new ArrayList<>(tags.size() + 3);
    scopes.add(Scope.of(READ, RUNS, run.value()));
    scopes.add(Scope.of(READ, TASKS, task));
    tags.stream()
        .filter(tag -> !tag.isBlank())
        .map(tag -> Scope.of(READ, TAGS, tag))
        .forEach(scopes::add);
    if (batch != null) {
      scopes.add(Scope.of(READ, BATCH, batch.value()));
    }
    return scopes;
  }

  /** To read one run of which nothing but its id is known. */
  public static List<Scope> readRun(RunId run) {
    return List.of(Scope.of(READ, RUNS, run.value()));
  }

  /** To read the runs that carry all of these tags: each of them narrows, so any one will do. */
  public static List<Scope> readTags(Collection<String> tags) {
    List<Scope> scopes = new ArrayList<>(tags.size() + 1);
    scopes.add(Scope.of(READ, RUNS));
    tags.forEach(tag -> scopes.add(Scope.of(READ, TAGS, tag)));
    return scopes;
  }

  /** To read a batch or the runs of it. */
  public static List<Scope> readBatch(BatchId batch) {
    return List.of(Scope.of(READ, BATCH, batch.value()), Scope.of(READ, RUNS));
  }

  /** To read the runs that one run triggered. */
  public static List<Scope> readChildren(RunId parent) {
    return List.of(Scope.of(READ, RUNS), Scope.of(READ, RUNS, parent.value()));
  }

  /** To read every run of the environment, or a part of them that no scope names. */
  public static List<Scope> readRuns() {
    return List.of(Scope.of(READ, RUNS));
  }

  /** To change one run. */
  public static List<Scope> writeRun(RunId run, String task) {
    return List.of(Scope.of("write", RUNS, run.value()), Scope.of("write", TASKS, task));
  }

  /** To send in to a run. */
  public static List<Scope> writeInputStreams(RunId run) {
    return List.of(Scope.of("write", "inputStreams", run.value()));
  }

  /** To read the spans and logs of a run, which may tell more than is meant for its readers. */
  public static List<Scope> readTrace(RunId run) {
    return List.of(Scope.of(READ, TRACES, run.value()));
  }

  /** To send spans and logs of any run. */
  public static List<Scope> writeTraces() {
    return List.of(Scope.of("write", TRACES));
  }

  /** To trigger a task. */
  public static List<Scope> trigger(String task) {
    return List.of(Scope.of("trigger", TASKS, task));
  }

  /** To trigger all of these tasks in a batch; each needs its own. */
  public static List<Scope> batchTrigger(Collection<String> tasks) {
    return tasks.stream().map(task -> Scope.of(BATCH_TRIGGER, TASKS, task)).toList();
  }

  /** To trigger any task at all in a batch. */
  public static List<Scope> batchTriggerAny() {
    return List.of(Scope.of(BATCH_TRIGGER, TASKS));
  }

  /** To add to a batch. */
  public static List<Scope> writeBatch(BatchId batch) {
    return List.of(Scope.of("write", BATCH, batch.value()));
  }

  /** To list the waitpoints of the environment. */
  public static List<Scope> readWaitpoints() {
    return List.of(Scope.of(READ, WAITPOINTS));
  }

  /** To read one waitpoint. */
  public static List<Scope> readWaitpoint(WaitpointId waitpoint) {
    return List.of(Scope.of(READ, WAITPOINTS, waitpoint.value()));
  }

  /** To complete one waitpoint. */
  public static List<Scope> writeWaitpoint(WaitpointId waitpoint) {
    return List.of(Scope.of("write", WAITPOINTS, waitpoint.value()));
  }

  /**
   * The scopes themselves are not told in full: a run's tags may be none of the asker's business.
   */
  private static ApiException forbidden(Collection<Scope> needed, String quantity) {
    List<String> kinds =
        needed.stream().map(scope -> scope.action() + ":" + scope.type()).distinct().toList();
    return new ApiException(
        ApiError.FORBIDDEN,
        "The access token's scopes do not cover this; it needs "
            + (kinds.size() == 1 ? "" : quantity)
            + String.join(", ", kinds)
            + " for what was asked.");
  }
}
