package dev.runcast.engine;

import dev.runcast.engine.debounce.Debounce;
import dev.runcast.store.table.NewRun;
import dev.runcast.store.table.UsedTokens.OneTimeToken;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A run that a client wants, checked as far as it can be without the database.
 *
 * @param run the run as it would be inserted
 * @param ttlAt when it expires unless it has started; null for never
 * @param keyLife how long the run's idempotency key stands for it; null when it has no key
 * @param token the token that this uses up; null when it uses up none
 */
public record TriggerOrder(
    NewRun run,
    @Nullable Instant ttlAt,
    @Nullable Duration keyLife,
    @Nullable OneTimeToken token,
    @Nullable Debounce debounce) {

  /** Whether a single statement does all of it. */
  public boolean isOneStatement() {
    return ttlAt == null && keyLife == null && token == null && run.traits().delayUntil() == null;
  }

  /**
   * The same order, for a run that has failed as soon as it is there: nothing comes due of it, it
   * takes no key, and it uses up no token. An idempotency key that was taken for the order before
   * stands for the failed run, as it would for one that failed later.
   *
   * @param cause a sentence that says why it can't be triggered
   */
  public TriggerOrder failed(String cause) {
    String error =
        new JsonObject()
            .put("type", "INTERNAL_ERROR")
            .put("code", "BATCH_ITEM_COULD_NOT_TRIGGER")
            .put("message", cause)
            .encode();
    return new TriggerOrder(run.failed(error), null, null, null, null);
  }

  /** The same order, for a run with no more than its payload. */
  public TriggerOrder bare() {
    return new TriggerOrder(run.bare(), ttlAt, keyLife, token, debounce);
  }

  /** The same order, for a run that is triggered by something else. */
  public TriggerOrder withOrigin(NewRun.Origin origin) {
    return new TriggerOrder(run.withOrigin(origin), ttlAt, keyLife, token, debounce);
  }

  /** The same order, for its run as it came to be: its expiry goes with its delay. */
  public TriggerOrder settledAs(NewRun settled) {
    Instant asked = run.traits().delayUntil();
    Instant comes = settled.traits().delayUntil();
    Instant expiry =
        ttlAt == null || asked == null || comes == null
            ? ttlAt
            : ttlAt.plus(Duration.between(asked, comes));
    return new TriggerOrder(settled, expiry, keyLife, token, debounce);
  }
}
