package dev.runcast.cluster;

import dev.runcast.run.EnvironmentId;
import dev.runcast.run.place.Lsn;
import dev.runcast.run.place.Position;
import dev.runcast.run.revocation.Revocation;
import dev.runcast.run.revocation.Revocation.Identity;
import dev.runcast.run.revocation.Revocation.Kind;
import dev.runcast.run.revocation.Revoked;

/** A revocation as it crosses nodes. Both directions list the same parts in the same order. */
final class RevocationWire {
  private RevocationWire() {}

  static void write(WireOutput out, Revoked revoked) {
    out.int8(revoked.position().lsn().value());
    out.int4(revoked.position().index());
    Revocation revocation = revoked.revocation();
    out.text(revocation.environment().value());
    out.text(revocation.identity().kind().name());
    out.text(revocation.identity().subject());
    out.optional(revocation.at(), WireOutput::time);
    out.optional(revocation.expiresAt(), WireOutput::time);
    out.time(revocation.writtenAt());
  }

  static Revoked read(WireInput in) {
    return new Revoked(
        new Position(new Lsn(in.int8()), in.int4()),
        new Revocation(
            new Identity(new EnvironmentId(in.text()), Kind.valueOf(in.text()), in.text()),
            in.optional(WireInput::time),
            in.optional(WireInput::time),
            in.time()));
  }
}
