package dev.runcast.http.dev.notice;

import static java.util.Objects.requireNonNull;

import dev.runcast.http.ApiException;
import dev.runcast.http.auth.Principal;
import dev.runcast.http.dev.notice.Notices.Followed;
import dev.runcast.http.realtime.FeedLoop;
import dev.runcast.http.realtime.Rounds;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.subscribe.Limits;
import dev.runcast.wire.CloseCode;
import io.netty.channel.Channel;
import io.vertx.core.Future;
import io.vertx.core.http.ServerWebSocket;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of the command line tool. It holds its runs and nothing else: a notice that finds
 * it full is dropped. Confined to its event loop.
 */
final class NoticeSocket extends Rounds.Guest {
  private static final Logger log = LoggerFactory.getLogger(NoticeSocket.class);
  private static final String NAMESPACE = "/dev-worker";

  /** Runs, in each branch of the key. */
  private static final int MOST_FOLLOWED = 20_000;

  private static final int MOST_BYTES = 64 * 1024;

  /** How late a ping may be before the client gives the connection up. */
  private static final long PATIENCE_MILLIS = 20_000;

  private static final long ABORT_AFTER_MILLIS = 2_000;

  /** How many rounds of pings a client may leave unanswered, or take until it says who it is. */
  private static final int MOST_SILENT_ROUNDS = 2;

  private static final short GOING_AWAY = 1001;
  private static final short PROTOCOL_ERROR = 1002;
  private static final short NOT_TEXT = 1003;
  private static final short POLICY = 1008;

  private final ServerWebSocket connection;
  private final Channel channel;
  private final NoticeHandler.Channels channels;
  private final FeedLoop loop;
  private final String session = UUID.randomUUID().toString();
  private final Set<RunId> runs = new HashSet<>();
  private final Consumer<RunId> follower = this::changed;
  private final long endOfAge;

  private @Nullable Principal principal;
  private Set<EnvironmentId> family = Set.of();

  /** Held while it is in the namespace. */
  private Limits.@Nullable Lease lease;

  private int silentRounds;
  private boolean connecting;
  private boolean closed;

  /**
   * @param principal who has shown the key; null for nobody yet
   */
  NoticeSocket(
      ServerWebSocket connection,
      Channel channel,
      NoticeHandler.Channels channels,
      @Nullable Principal principal) {
    this.connection = connection;
    this.channel = channel;
    this.channels = channels;
    this.loop = channels.loop();
    this.principal = principal;
    this.endOfAge = loop.endOfAge();
  }

  /** Begins to listen. */
  void open() {
    loop.rounds().add(this);
    connection.exceptionHandler(broken -> hangUp(PROTOCOL_ERROR, "a frame can't be read"));
    connection.closeHandler(gone -> gone());
    connection.binaryMessageHandler(binary -> hangUp(NOT_TEXT, "packets are text"));
    connection.textMessageHandler(this::take);
    send(ServerPacket.open(session, loop.round(), PATIENCE_MILLIS, MOST_BYTES));
  }

  private void take(String text) {
    if (closed) {
      return;
    }
    silentRounds = lease == null ? silentRounds : 0;
    ClientPacket packet = ClientPacket.parse(text);
    switch (packet.kind()) {
      case PONG -> {}
      case CLOSE -> hangUp(GOING_AWAY, "closed by the client");
      case CONNECT -> connect(packet);
      case MALFORMED -> hangUp(PROTOCOL_ERROR, "a packet can't be read");
      case DISCONNECT, SUBSCRIBE, UNSUBSCRIBE, OTHER -> within(packet);
    }
  }

  private void connect(ClientPacket packet) {
    if (!packet.namespace().equals(NAMESPACE)) {
      send(ServerPacket.refused(packet.namespace(), "Invalid namespace"));
      return;
    }
    if (lease != null || connecting) {
      hangUp(PROTOCOL_ERROR, "it is in the namespace already");
      return;
    }
    Principal known = principal;
    String token = packet.token();
    if (known == null && token == null) {
      refuse("Show the environment's secret key: in Authorization: Bearer, or as the auth token.");
      return;
    }
    connecting = true;
    (known == null
            ? NoticeHandler.holder(channels.auth(), requireNonNull(token))
            : Future.succeededFuture(known))
        .compose(
            who ->
                channels
                    .family()
                    .apply(who.environment())
                    .onSuccess(environments -> enter(who, environments)))
        .onFailure(
            failure ->
                refuse(
                    failure instanceof ApiException api
                        ? String.valueOf(api.getMessage())
                        : "The secret key could not be looked up; try again."))
        .onComplete(done -> connecting = false);
  }

  private void enter(Principal who, Set<EnvironmentId> environments) {
    if (closed) {
      return;
    }
    principal = who;
    family = environments;
    lease = channels.limits().take(who.environment(), null).orElse(null);
    if (lease == null) {
      refuse("Too many subscriptions are open in this environment.");
    } else {
      send(ServerPacket.connected(NAMESPACE, session));
    }
  }

  private void refuse(String sentence) {
    send(ServerPacket.refused(NAMESPACE, sentence));
    hangUp(POLICY, "refused");
  }

  private void within(ClientPacket packet) {
    if (lease == null || !packet.namespace().equals(NAMESPACE)) {
      hangUp(PROTOCOL_ERROR, "it is not in the namespace");
      return;
    }
    switch (packet.kind()) {
      case SUBSCRIBE -> packet.runs().forEach(this::follow);
      case UNSUBSCRIBE -> packet.runs().forEach(this::leave);
      case DISCONNECT -> hangUp(GOING_AWAY, "left by the client");
      default -> {}
    }
  }

  private void follow(RunId run) {
    if (closed || !runs.add(run)) {
      return;
    }
    if (runs.size() * family.size() > MOST_FOLLOWED) {
      runs.remove(run);
      hangUp(
          POLICY,
          "it follows too many runs: %d in %d branches".formatted(MOST_FOLLOWED, family.size()));
      return;
    }
    family.forEach(
        environment -> channels.notices().follow(new Followed(environment, run), follower));
  }

  private void leave(RunId run) {
    if (runs.remove(run)) {
      family.forEach(
          environment -> channels.notices().leave(new Followed(environment, run), follower));
    }
  }

  private void changed(RunId run) {
    if (!connection.writeQueueFull()) {
      log.debug("worker is told of a run run={}", run.value());
      send(ServerPacket.changed(NAMESPACE, run));
    }
  }

  private void send(String packet) {
    if (!closed) {
      connection.writeTextMessage(packet);
    }
  }

  @Override
  protected void visit(long now) {
    silentRounds++;
    if (now >= endOfAge) {
      end(CloseCode.MAX_AGE);
    } else if (silentRounds > MOST_SILENT_ROUNDS + 1) {
      end(CloseCode.SILENT);
    } else {
      checkStanding(now);
      if (!connection.writeQueueFull()) {
        send(ServerPacket.PING);
      }
    }
  }

  /** A key that was rotated away ends; what comes late is no secret. */
  private void checkStanding(long now) {
    Principal who = principal;
    if (who != null) {
      channels
          .auth()
          .standing()
          .inForce(who)
          .onSuccess(
              still -> {
                if (still.expiresAt() != null && !still.expiresAt().isAfter(at(now))) {
                  end(CloseCode.TOKEN_EXPIRED);
                }
              })
          .onFailure(revoked -> end(CloseCode.REVOKED));
    }
  }

  private static Instant at(long now) {
    return Instant.ofEpochMilli(now);
  }

  @Override
  protected void end(CloseCode code) {
    hangUp(code == CloseCode.REVOKED ? POLICY : GOING_AWAY, code.reason());
  }

  private void hangUp(short status, String reason) {
    if (!closed) {
      connection.close(status, reason);
      gone();
      loop.later(ABORT_AFTER_MILLIS, this::abort);
    }
  }

  /** Who does not read takes no close frame either. */
  @SuppressWarnings("FutureReturnValueIgnored") // nobody is left to be told
  private void abort() {
    channel.close();
  }

  private void gone() {
    if (!closed) {
      closed = true;
      loop.rounds().remove(this);
      List.copyOf(runs).forEach(this::leave);
      if (lease != null) {
        lease.release();
        lease = null;
      }
    }
  }
}
