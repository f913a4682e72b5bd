package dev.runcast.embedded;

import dev.runcast.config.CannotStartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The files of one cluster: what we write into it and what its postmaster tells us by them.
 *
 * @param directory the cluster's directory ({@code PGDATA})
 */
record ClusterFiles(Path directory) {
  private static final long LARGEST_LOG_BYTES = 16 << 20;
  private static final String MAJOR_VERSION = "18";

  /**
   * Whether there is a cluster.
   *
   * @throws CannotStartException if it is another major version's, whose files ours can't read
   */
  boolean exist() throws IOException {
    Path version = directory.resolve("PG_VERSION");
    if (!Files.exists(version)) {
      return false;
    }
    String found = Files.readString(version).strip();
    if (!found.equals(MAJOR_VERSION)) {
      throw new CannotStartException(
          "%s was made by Postgres %s and this Runcast brings %s: move it over with pg_dump, or choose another data directory."
              .formatted(directory, found, MAJOR_VERSION));
    }
    return true;
  }

  /** Where a new cluster is made before it is moved into place; empty when this returns. */
  Path draft() throws IOException {
    Path draft = directory.resolveSibling(directory.getFileName() + ".new");
    Trees.delete(draft);
    return draft;
  }

  Path log() {
    return directory.resolve("server.log");
  }

  /**
   * Writes the configuration anew, so that it is always this version's. fsync, full_page_writes and
   * synchronous_commit keep Postgres's own safe defaults by being absent. Errors of statements are
   * told to the client, who logs them once.
   *
   * @see <a href="https://www.postgresql.org/docs/18/runtime-config.html">Server Configuration</a>
   */
  Path writeConfiguration(int port) throws IOException {
    return Files.writeString(
        directory.resolve("postgresql.conf"),
        """
        # Written by Runcast at every start. Your own settings go into local.conf beside this file.
        listen_addresses = '127.0.0.1'
        port = %d
        unix_socket_directories = ''
        password_encryption = 'scram-sha-256'
        max_connections = 100

        # Logical replication is how changes reach subscribers. A slot that nobody reads may keep
        # this much WAL; then it is given up and made anew, rather than the disk filled.
        wal_level = logical
        max_wal_senders = 10
        max_replication_slots = 10
        max_slot_wal_keep_size = '2GB'

        log_min_messages = 'log'
        log_checkpoints = off
        log_line_prefix = '%%m [%%p] '
        timezone = 'UTC'
        log_timezone = 'UTC'

        include_if_exists = 'local.conf'
        """
            .formatted(port));
  }

  /** Removes a log that has grown large; called before a start. */
  void trimLog() throws IOException {
    if (Files.exists(log()) && Files.size(log()) > LARGEST_LOG_BYTES) {
      Files.delete(log());
    }
  }

  /** The last few lines that the postmaster logged, for messages. */
  String lastWords() throws IOException {
    if (!Files.exists(log())) {
      return "it logged nothing";
    }
    List<String> lines = Files.readAllLines(log());
    return String.join(" | ", lines.subList(Math.max(0, lines.size() - 4), lines.size()));
  }

  /**
   * The process that last started the cluster, unless it has said good-bye.
   *
   * @see <a href="https://www.postgresql.org/docs/18/storage-file-layout.html">postmaster.pid</a>
   */
  Optional<Long> postmasterPid() throws IOException {
    Path file = directory.resolve("postmaster.pid");
    return Files.exists(file)
        ? Files.readAllLines(file).stream().findFirst().map(line -> Long.valueOf(line.strip()))
        : Optional.empty();
  }

  void forgetPostmaster() throws IOException {
    Files.deleteIfExists(directory.resolve("postmaster.pid"));
  }
}
