package dev.runcast.http.realtime.shape;

import dev.runcast.http.ApiError;
import dev.runcast.http.ApiException;
import dev.runcast.http.auth.Standing;
import dev.runcast.subscribe.Limits;
import dev.runcast.subscribe.turn.Turn;
import dev.runcast.subscribe.turn.TurnAnswer;
import dev.runcast.subscribe.turn.TurnRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/**
 * One turn of a client as a request of the long poll: what the turn answers is told in the words of
 * the protocol of shapes. What can't be told at the moment is a 503, upon which these clients come
 * back with what they have.
 */
final class ShapePoll {
  private final RoutingContext context;
  private final ShapeLoop loop;
  private final ShapeTurn asked;
  private final Limits.Lease lease;

  private ShapePoll(RoutingContext context, ShapeLoop loop, ShapeTurn asked, Limits.Lease lease) {
    this.context = context;
    this.loop = loop;
    this.asked = asked;
    this.lease = lease;
  }

  /**
   * Begins a turn.
   *
   * @param lease given back when the turn is over
   */
  static void open(RoutingContext context, ShapeLoop loop, ShapeTurn asked, Limits.Lease lease) {
    ShapePoll poll = new ShapePoll(context, loop, asked, lease);
    ShapeRequest request = asked.request();
    Turn turn =
        loop.turns()
            .open(
                new TurnRequest(
                    asked.feed().bearer(),
                    asked.feed().subscribe(),
                    request.offset(),
                    request.live()),
                poll::answer);
    context
        .response()
        .closeHandler(
            gone -> {
              turn.leave();
              lease.release();
            });
  }

  private void answer(TurnAnswer answer) {
    lease.release();
    if (context.response().closed()) {
      return;
    }
    if (answer instanceof TurnAnswer.News news) {
      tell(news);
    } else if (answer instanceof TurnAnswer.BeginAnew) {
      ShapeAnswer.refetch(context.response(), asked.handle().madeAnew(loop.now()));
    } else if (answer instanceof TurnAnswer.Revoked) {
      context.fail(Standing.revoked());
    } else {
      context.fail(
          new ApiException(
              ApiError.UNAVAILABLE,
              "This can't be told at the moment; come back with the same offset."));
    }
  }

  private void tell(TurnAnswer.News news) {
    HttpServerResponse response = context.response();
    response.putHeader("electric-handle", asked.handle().toString());
    response.putHeader(
        "electric-cursor", ShapeAnswer.cursor(asked.request().cursor(), loop.now(), loop.random()));
    ShapeAnswer.news(
        response,
        news.told().stream().map(told -> told.message(asked.form())).toList(),
        news.offset(),
        news.upToDate());
  }
}
