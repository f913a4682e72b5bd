package dev.runcast.embedded;

import dev.runcast.config.CannotStartException;
import dev.runcast.config.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * As whom Postgres's programs run. They refuse root, so root runs them in a user namespace of their
 * own (files stay root's), or where that is not allowed as the user nobody.
 *
 * @param prefix goes before each command; empty for an ordinary user
 * @param owner user id that the cluster's files must belong to; -1 for whoever made them
 */
record PostgresUser(List<String> prefix, int owner) {
  private static final int NOBODY = 65534;
  private static final PostgresUser OURSELVES = new PostgresUser(List.of(), -1);
  private static final PostgresUser NAMESPACE = new PostgresUser(List.of("unshare", "-U"), -1);
  private static final PostgresUser NOBODY_BY_SETPRIV =
      new PostgresUser(
          List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"), NOBODY);

  /**
   * Decides by who we are and, for an existing cluster, by who owns it: what was made one way can't
   * be read the other way.
   */
  static PostgresUser choose(DataDirectory directory, Path cluster) throws IOException {
    Path probe = Files.createTempFile(directory.root(), "probe", "");
    boolean root = owner(probe) == 0;
    Files.delete(probe);
    if (!root) {
      return OURSELVES;
    }
    boolean nobodys = Files.exists(cluster) && owner(cluster) == NOBODY;
    return !nobodys && NAMESPACE.works() ? NAMESPACE : nobody(directory.root());
  }

  /** The whole command line for one program. */
  List<String> command(String program, String... arguments) {
    List<String> command = new ArrayList<>(prefix);
    command.add(program);
    command.addAll(List.of(arguments));
    return command;
  }

  /** Gives files to the user that runs the programs, if that is not us. */
  void own(Path... trees) throws IOException {
    for (Path tree : owner < 0 ? new Path[0] : trees) {
      Trees.own(tree, owner);
    }
  }

  // The directory above stays root's; nobody may pass through it and no more.
  private static PostgresUser nobody(Path parent) throws IOException {
    Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwx--x--x"));
    if (NOBODY_BY_SETPRIV.works()) {
      return NOBODY_BY_SETPRIV;
    }
    throw new CannotStartException(
        "Postgres refuses to run as root, and neither 'unshare -U' nor 'setpriv' (util-linux) works"
            + " here: start Runcast as another user, or name a Postgres with "
            + Setting.DATABASE_URL.label()
            + ".");
  }

  private boolean works() {
    return Program.run(command("true")).succeeded();
  }

  private static int owner(Path file) throws IOException {
    return (int) Files.getAttribute(file, "unix:uid");
  }
}
