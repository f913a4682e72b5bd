package dev.runcast.store;

import io.vertx.core.Future;
import io.vertx.core.VertxException;
import io.vertx.pgclient.PgException;
import java.io.IOException;

/** The database can't be had at the moment: it is the same request's turn again when it can. */
public final class DatabaseAwayException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private DatabaseAwayException(Throwable cause) {
    super("The database is away: " + cause.getMessage(), cause, false, false);
  }

  /** Gives a failure that is one of these as such, any other as it is. To be recovered with. */
  static <T> Future<T> toldApart(Throwable failure) {
    return Future.failedFuture(isAway(failure) ? new DatabaseAwayException(failure) : failure);
  }

  /** Refused, broken off, waited for in vain, or sent away by a server that starts or stops. */
  private static boolean isAway(Throwable failure) {
    return failure instanceof PgException told
        ? isAway(String.valueOf(told.getSqlState()))
        : failure instanceof IOException || failure instanceof VertxException;
  }

  /**
   * Classes 08 (connection) and 57P (ended by an operator, starting, stopping), and too many
   * connections.
   *
   * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">Error codes</a>
   */
  private static boolean isAway(String sqlState) {
    return sqlState.startsWith("08") || sqlState.startsWith("57P") || sqlState.equals("53300");
  }
}
