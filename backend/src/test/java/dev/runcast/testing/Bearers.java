package dev.runcast.testing;

import dev.runcast.hub.Hub;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.place.Visibility;
import dev.runcast.run.revocation.Bearer;
import dev.runcast.store.revocation.RevocationReads;
import dev.runcast.subscribe.revocation.RevocationWatch;
import dev.runcast.subscribe.revocation.Revocations;
import io.vertx.core.Future;
import java.util.List;
import java.util.Set;

/** By whose word something is told, and what may be revoked of it: nothing. */
public final class Bearers {
  /** A secret key. */
  public static final Bearer KEY = new Bearer(new EnvironmentId("env"), "00", null, null);

  private static final RevocationReads.Read NOTHING =
      new RevocationReads.Read(new Visibility(Long.MAX_VALUE, Long.MAX_VALUE, Set.of()), List.of());

  private Bearers() {}

  /** Where nothing is ever revoked. */
  public static RevocationWatch watch(Hub hub) {
    return new RevocationWatch(hub, new Revocations(), Bearers::nothing);
  }

  /** What a table without revocations shows. */
  public static Future<RevocationReads.Read> nothing(long since) {
    return Future.succeededFuture(NOTHING);
  }
}
