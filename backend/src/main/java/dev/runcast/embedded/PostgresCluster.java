package dev.runcast.embedded;

import dev.runcast.config.CannotStartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One cluster on disk and the programs that make, start and stop it. Its postmaster is started by
 * {@code pg_ctl}, which gives it a session of its own: a Ctrl-C in our terminal does not reach it,
 * so that it can stop last.
 *
 * @see <a href="https://www.postgresql.org/docs/18/app-pg-ctl.html">pg_ctl</a>
 */
final class PostgresCluster {
  static final String SUPERUSER = "runcast";
  private static final String TIMEOUT_S = "60";

  private final PostgresBinaries binaries;
  private final PostgresUser user;
  private final ClusterFiles files;

  PostgresCluster(PostgresBinaries binaries, PostgresUser user, ClusterFiles files) {
    this.binaries = binaries;
    this.user = user;
    this.files = files;
  }

  /**
   * Makes the cluster if there is none yet: all of it or nothing, so that a start which is killed
   * meanwhile leaves only a draft.
   *
   * @see <a href="https://www.postgresql.org/docs/18/app-initdb.html">initdb</a>
   */
  void ensureCreated(String password) throws IOException {
    if (files.exist()) {
      return;
    }
    Path draft = files.draft();
    Path passwordFile = draft.resolveSibling("initdb.password");
    Files.createDirectory(draft);
    Files.writeString(passwordFile, password);
    user.own(draft, passwordFile);
    Program.Outcome outcome = Program.run(user.command(binaries.program("initdb"), initdb(draft)));
    Files.delete(passwordFile);
    if (!outcome.succeeded()) {
      throw new CannotStartException("Postgres can't make a database: " + outcome.output());
    }
    Files.move(draft, files.directory());
  }

  private static String[] initdb(Path target) {
    return new String[] {
      "--pgdata=" + target,
      "--username=" + SUPERUSER,
      "--pwfile=" + target.resolveSibling("initdb.password"),
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      "--locale=C",
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
      "--no-instructions"
    };
  }

  /**
   * Starts the postmaster on that port and waits until it takes connections.
   *
   * @return whether it did; the log says why not
   */
  boolean start(int port) throws IOException {
    files.trimLog();
    user.own(files.writeConfiguration(port));
    return pgCtl("start", "--log=" + files.log(), "--timeout=" + TIMEOUT_S).succeeded();
  }

  /**
   * Stops the postmaster, orderly if that works in time, else as a crash would: both keep every
   * committed transaction.
   */
  void stop() {
    if (!pgCtl("stop", "--mode=fast", "--timeout=" + TIMEOUT_S).succeeded()) {
      pgCtl("stop", "--mode=immediate", "--timeout=" + TIMEOUT_S);
    }
  }

  /**
   * Sees to it that no postmaster runs on this cluster. One that does is the orphan of an owner
   * that was killed, since we hold the lock. A pid that has meanwhile gone to another program is
   * not signalled; Postgres would refuse to start because of it, so its file is removed.
   */
  void stopOrphan() throws IOException {
    Optional<Long> pid = files.postmasterPid();
    if (pid.isEmpty()) {
      return;
    }
    Optional<ProcessHandle> process = ProcessHandle.of(pid.get()).filter(ProcessHandle::isAlive);
    if (process.filter(this::servesOurCluster).isPresent()) {
      stop();
    } else {
      files.forgetPostmaster();
    }
  }

  private boolean servesOurCluster(ProcessHandle process) {
    return process
        .info()
        .commandLine()
        .orElseThrow(
            () ->
                new CannotStartException(
                    "Process "
                        + process.pid()
                        + " may still use the database in "
                        + files.directory()
                        + " but belongs to another user: start Runcast as that user, or end it."))
        .contains(files.directory().toString());
  }

  private Program.Outcome pgCtl(String action, String... options) {
    String[] arguments = new String[options.length + 4];
    arguments[0] = action;
    arguments[1] = "--pgdata=" + files.directory();
    arguments[2] = "--wait";
    arguments[3] = "--silent";
    System.arraycopy(options, 0, arguments, 4, options.length);
    return Program.run(user.command(binaries.program("pg_ctl"), arguments));
  }
}
