package dev.runcast.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MultiMapConfig;
import com.hazelcast.config.NetworkConfig;
import dev.runcast.config.Settings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;

/**
 * Makes the {@code Vertx} of this node: a plain one, or one that shares its event bus with the
 * nodes named in the settings.
 *
 * <p>Hazelcast carries who is there and who listens, nothing that must be correct. It looks for no
 * other nodes than the named ones, calls nobody's home, and listens at one address only. Neither it
 * nor the event bus asks who connects: that address must not be open to strangers.
 */
public final class ClusteredVertx {
  private static final String NAME = "runcast";

  private ClusteredVertx() {}

  /**
   * Starts it, and with it the cluster's member if there is a cluster.
   *
   * @param options for everything but the cluster
   * @return fails when this node can't listen at its address
   */
  public static Future<Vertx> start(VertxOptions options, Settings.Cluster cluster) {
    if (!cluster.enabled()) {
      return Future.succeededFuture(Vertx.vertx(options));
    }
    options.getEventBusOptions().setHost(cluster.host());
    return Vertx.builder()
        .with(options)
        .withClusterManager(new HazelcastClusterManager(config(cluster)))
        .buildClustered();
  }

  static Config config(Settings.Cluster cluster) {
    Config config = new Config();
    config.setClusterName(NAME);
    config.setProperty("hazelcast.phone.home.enabled", "false");
    config.setProperty("hazelcast.logging.type", "slf4j");
    config.setProperty("hazelcast.shutdownhook.enabled", "false");
    config.setProperty("hazelcast.health.monitoring.level", "OFF");
    config.setProperty("hazelcast.socket.bind.any", "false");
    config.setProperty("hazelcast.local.localAddress", cluster.host());
    config.setProperty("hazelcast.wait.seconds.before.join", "1");
    // A handful of entries needs no 271 partitions, which every start has to hand out.
    config.setProperty("hazelcast.partition.count", "31");
    config.getMetricsConfig().setEnabled(false);
    config.addMultiMapConfig(
        new MultiMapConfig("__vertx.subs")
            .setValueCollectionType(MultiMapConfig.ValueCollectionType.SET));
    join(config.getNetworkConfig(), cluster);
    return config;
  }

  private static void join(NetworkConfig network, Settings.Cluster cluster) {
    network.setPort(cluster.port()).setPortAutoIncrement(false);
    JoinConfig join = network.getJoin();
    join.getAutoDetectionConfig().setEnabled(false);
    join.getMulticastConfig().setEnabled(false);
    join.getTcpIpConfig().setEnabled(true).setMembers(cluster.members());
  }
}
