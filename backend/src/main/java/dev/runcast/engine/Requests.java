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
        .onSuccess(this::tellDue);
  }

  /** Acts by a single statement, which needs no transaction around it. */
  public Future<Answer> actAlone(Function<Transaction, Future<Answer>> action) {
    return action.apply(database.autocommit()).onSuccess(this::tellDue);
  }

  private void tellDue(Answer answer) {
    if (answer.due() != null) {
      onDue.accept(answer.due());
    }
  }

  private static Future<Answer> once(
      Transaction transaction,
      Optional<Repeatable> request,
      Function<Transaction, Future<Answer>> action) {
    if (request.isEmpty()) {
      return action.apply(transaction);
    }
    RequestTable table = new RequestTable(transaction);
    Identity identity = request.get().identity();
    return table
        .begin(identity, request.get().bodyDigest())
        .compose(
            first ->
                first.isPresent()
                    ? Future.succeededFuture(again(request.get(), first.get()))
                    : action.apply(transaction).compose(answer -> store(table, identity, answer)));
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
