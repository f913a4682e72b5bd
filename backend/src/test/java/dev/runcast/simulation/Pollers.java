package dev.runcast.simulation;

import dev.runcast.run.Filter;
import dev.runcast.run.place.Incarnation;
import dev.runcast.subscribe.turn.TurnAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * The clients that hear by turns, and what they do: ask now this node and now that, break off,
 * repeat a request whose answer was lost, or stay away.
 */
final class Pollers {
  private final World world;
  private final Random random;
  private final int breakRate;
  private final List<ModelPoller> clients = new ArrayList<>();

  Pollers(World world) {
    this.world = world;
    this.random = world.random;
    this.breakRate = world.pick(1, 3, 10);
    for (int i = world.pick(0, 1, 2, 4); i > 0; i--) {
      String name = "p" + i;
      boolean fromNow = random.nextInt(8) == 0;
      clients.add(new ModelPoller(name, filter(name), fromNow, world.postgres, world.trace));
    }
  }

  /** Often one that nobody shares, so that it is known which reads are made for it. */
  private Filter filter(String name) {
    List<Filter> filters =
        Followers.filters(random.nextBoolean() ? Set.of() : Set.of(Rows.TASK, name));
    return filters.get(random.nextInt(filters.size()));
  }

  // What they do.

  void step() {
    if (clients.isEmpty()) {
      return;
    }
    ModelPoller client = clients.get(random.nextInt(clients.size()));
    if (client.turn() == null) {
      askSomehow(client);
    } else if (random.nextInt(100) < (client.isAnswered() ? 3 * breakRate : breakRate)) {
      client.breakOff();
    } else if (client.isAnswered()) {
      client.take();
    }
  }

  private void askSomehow(ModelPoller client) {
    ModelNode node = world.someNode();
    boolean canBegin =
        node.hub.heard().horizon() > 0 || !client.isFromNow() || client.offset() != null;
    if (random.nextInt(3) > 0 && canBegin) {
      boolean waits = client.isUpToDate() && random.nextInt(8) > 0;
      client.ask(node, waits && client.offset() != null);
    }
  }

  // What happens to them.

  void stepIsOver() {
    clients.forEach(ModelPoller::stepIsOver);
  }

  void historyBegins(Incarnation first) {
    clients.forEach(client -> client.truth.historyBegins(first));
  }

  void loseNode(ModelNode node) {
    clients.stream()
        .filter(client -> client.turn() != null && client.turn().isAt(node))
        .forEach(ModelPoller::breakOff);
  }

  // The end.

  /** Each takes an answer, or asks for one; answers whether any did. */
  boolean hear() {
    boolean heard = false;
    for (ModelPoller client : clients) {
      if (client.isAnswered()) {
        client.take();
        heard = true;
      } else if (client.turn() == null) {
        client.ask(world.someNode(), client.isUpToDate());
        heard = true;
      }
    }
    return heard;
  }

  long askingAt(ModelNode node) {
    return clients.stream()
        .filter(client -> client.turn() != null && client.turn().isOpenAt(node))
        .count();
  }

  void check() {
    clients.forEach(this::check);
  }

  /** When nothing happens any more a turn ends with its hold, and the next one tells nothing. */
  private void check(ModelPoller client) {
    endByHold(client);
    client.checkAtRest();
    for (ModelNode node : world.nodes) {
      client.ask(node, false);
      settle(client);
      if (!(client.take() instanceof TurnAnswer.News news)
          || !news.upToDate()
          || !news.told().isEmpty()) {
        throw new AssertionError(client.name + " is told something though nothing happens");
      }
      client.checkAtRest();
    }
  }

  private void endByHold(ModelPoller client) {
    for (int i = 0; i < 20 && !client.isAnswered(); i++) {
      world.nodes.forEach(node -> node.turns.tick());
    }
    if (!client.isAnswered()) {
      throw new AssertionError(client.name + " is held for ever");
    }
    client.take();
  }

  private void settle(ModelPoller client) {
    for (int i = 0; i < 100 && !client.isAnswered(); i++) {
      if (world.reader.isBusy()) {
        world.reader.step(0);
      }
      world.nodes.forEach(ModelNode::doWhatIsDue);
    }
    if (!client.isAnswered()) {
      throw new AssertionError(client.name + " is not answered");
    }
  }
}
