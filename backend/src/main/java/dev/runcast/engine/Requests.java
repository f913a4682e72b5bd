package dev.runcast.engine;

import dev.runcast.store.Database;
import dev.runcast.store.Transaction;
import dev.runcast.store.table.RequestTable;
import dev.runcast.store.table.RequestTable.First;
import dev.runcast.store.table.RequestTable.Identity;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs actions that write, each in one transaction, and those that carry a key only once: the
 * repetition is given the first one's answer, which was stored in the action's own transaction. A
 * parallel twin waits for it.
 */
public final class Requests {

  /**
   * A request that may be repeated.
   *
   * @param bodyDigest the SHA-256 of its body: another body under the same key is a mistake
   */
  public record Repeatable(Identity identity, Buffer bodyDigest) {}

  private final Database database;
  private final Consumer<Instant> onDue;

  /**
   * @param onDue hears of a time at which something comes due, after it was committed; from any
   *     event loop
   */
  public Requests(Database database, Consumer<Instant> onDue) {
    this.database = database;
    this.onDue = onDue;
  }

  /** Acts, once if the request can be told from others. */
  public Future<Answer> act(
      Optional<Repeatable> request, Function<Transaction, Future<Answer>> action) {
    return database
        .transaction(transaction -> once(transaction, request, action))
        .onSuccess(answer -> tellDue(answer.due()));
  }

  /** Acts by a single statement, which needs no transaction around it. */
  public Future<Answer> actAlone(Function<Transaction, Future<Answer>> action) {
    return action.apply(database.autocommit()).onSuccess(answer -> tellDue(answer.due()));
  }

  /**
   * Does one of the many steps of a request that can be repeated by nature.
   *
   * @param due reads from what came of it when something comes due; null for nothing
   */
  public <T> Future<T> step(
      Function<Transaction, Future<T>> action, Function<T, @Nullable Instant> due) {
    return database.transaction(action).onSuccess(done -> tellDue(due.apply(done)));
  }

  private void tellDue(@Nullable Instant due) {
    if (due != null) {
      onDue.accept(due);
    }
  }

  private static Future<Answer> once(
      Transaction transaction,
      Optional<Repeatable> request,
      Function<Transaction, Future<Answer>> action) {
    if (request.isEmpty()) {
      return placed(transaction, action);
    }
    RequestTable table = new RequestTable(transaction);
    Identity identity = request.get().identity();
    return table
        .begin(identity, request.get().bodyDigest())
        .compose(
            first ->
                first.isPresent()
                    ? Future.succeededFuture(again(request.get(), first.get()))
                    : placed(transaction, action)
                        .compose(answer -> store(table, identity, answer)));
  }

  /** What was written has a position, even where the action does not tell it. */
  private static Future<Answer> placed(
      Transaction transaction, Function<Transaction, Future<Answer>> action) {
    return action
        .apply(transaction)
        .compose(
            answer ->
                answer.position() == null
                    ? transaction.xid().map(xid -> answer.at(xid.orElse(null)))
                    : Future.succeededFuture(answer));
  }

  private static Future<Answer> store(RequestTable table, Identity identity, Answer answer) {
    return table
        .end(identity, answer.status(), answer.body(), answer.position())
        .map(stored -> answer);
  }

  private static Answer again(Repeatable request, First first) {
    if (!first.bodyDigest().equals(request.bodyDigest())) {
      throw RefusedException.unprocessable(
          "x-trigger-request-idempotency-key",
          "This x-trigger-request-idempotency-key was used for a request with another body; take a"
              + " new key for a new request.");
    }
    return new Answer(first.status(), first.body(), first.position());
  }
}
