package dev.runcast.it.bench.fanout;

import dev.runcast.it.bench.Pace;
import dev.runcast.it.bench.RowShape;
import dev.runcast.it.bench.load.Load;
import dev.runcast.it.bench.nchan.Nchan;
import dev.runcast.it.bench.nchan.NchanPublisher;
import dev.runcast.it.bench.nchan.SameEvent;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Publishes to nchan what our subscribers would be sent, byte for byte as many. */
final class NchanFeeder implements Side.Feeder {
  private final Nchan nchan;

  NchanFeeder(Nchan nchan) {
    this.nchan = nchan;
  }

  @Override
  public Load.Subscribers subscribers(Scenario scenario) {
    return new Load.Subscribers(
        nchan.port(), scenario.subscribers(), scenario.feeds(), 0, "/sub/f%d", "");
  }

  @Override
  public void prepare(Scenario scenario) {}

  @Override
  public long run(Pace pace, Scenario scenario) {
    RowShape shape = scenario.shape();
    SameEvent message = new SameEvent(shape.event("run_f0", RowShape.now(), shape.metadata()));
    try (NchanPublisher publisher = new NchanPublisher(nchan.port(), message)) {
      return publisher.run(pace, scenario.feeds());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
