package dev.runcast.hub;

import dev.runcast.hub.log.Pin;
import dev.runcast.run.ChangeBatch.Committed;
import dev.runcast.run.place.Bookmark;
import dev.runcast.run.place.Cursor;
import dev.runcast.run.place.Position;
import dev.runcast.run.place.Visibility;
import dev.runcast.wire.SharedFrame;
import org.jspecify.annotations.Nullable;

/**
 * One way of a subscription from where its client is to going live: what is read goes to the client
 * by it, then what of the recent past was not shown. Owned by the hub's event loop; once the
 * subscription is live, closed or opened anew, what it is told is ignored.
 */
public final class CatchUp {
  private final Subscription subscription;
  private final Hub hub;
  private final Delivery delivery;
  private final Intake intake;

  CatchUp(Subscription subscription, Hub hub, Delivery delivery, Intake intake) {
    this.subscription = subscription;
    this.hub = hub;
    this.delivery = delivery;
    this.intake = intake;
  }

  /** Whether the subscription still waits for it. */
  public boolean isWanted() {
    return subscription.isOpenedBy(this);
  }

  // By reading.

  /** Forgets the cursor: what the client holds can't be gone on from. */
  public void forgetCursor() {
    delivery.resumeFrom(null);
  }

  /** Sends a frame of a read; it counts against no budget, since reads wait for the client. */
  public void emit(SharedFrame frame, @Nullable Cursor cursor) {
    if (isWanted()) {
      delivery.sendOrKeep(frame, null, cursor);
    }
  }

  /** Runs the callback once the client has taken what waits, at once if nothing does. */
  public void whenDrained(Runnable callback) {
    if (isWanted()) {
      delivery.whenDrained(callback);
    }
  }

  /**
   * Goes live after a read: replays what its snapshot does not show.
   *
   * @param pin held since the read began
   */
  public void goLive(Visibility snapshot, Pin pin) {
    if (!isWanted()) {
      return;
    }
    subscription.isCaughtUp();
    delivery.told.read(snapshot, hub.heard().horizon(), pin.holeFor(snapshot));
    hub.audience().unsettles(subscription);
    hub.heard().transactionsNotShownBy(snapshot, this::offerAgain);
    announceLive();
    intake.closeHole();
    intake.settle();
    hub.placing().ask();
  }

  // Without a read.

  /** Goes live from a cursor whose position the ring covers. */
  public void resume(Cursor cursor) {
    replayAfter(delivery.told.resume(cursor));
  }

  /** Goes live from a bookmark that the hub covers: leaves out what it says was shown. */
  public void resume(Bookmark bookmark) {
    hub.audience().unsettles(subscription);
    replayAfter(delivery.told.resume(bookmark));
    intake.settle();
  }

  private void replayAfter(Position position) {
    subscription.isCaughtUp();
    hub.heard().transactionsAfter(position, this::offerAgain);
    announceLive();
    hub.placing().ask();
  }

  private void offerAgain(Committed transaction) {
    transaction.inOrder(intake::offerAgain, intake::offerAgain);
  }

  private void announceLive() {
    subscription.tellPutOff(Long.MAX_VALUE);
    if (subscription.isLive()) {
      delivery.sendOrKeep(hub.freshness(), delivery.told.placeOfLive(hub.heard()), null);
      Summed summed = subscription.summed();
      if (summed != null) {
        summed.live();
      }
    }
  }
}
