package dev.runcast.embedded;

import dev.runcast.config.CannotStartException;
import dev.runcast.config.Setting;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * The directory that holds all state on this machine. It is private to its owner (0700), and so is
 * each small file in it (0600).
 */
public final class DataDirectory {
  private static final Set<PosixFilePermission> PRIVATE_DIRECTORY =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> PRIVATE_FILE =
      PosixFilePermissions.fromString("rw-------");

  private final Path root;

  private DataDirectory(Path root) {
    this.root = root;
  }

  /**
   * Makes the directory if it is missing, and checks that we can write there.
   *
   * @throws CannotStartException if we can't
   */
  public static DataDirectory open(Path root) {
    try {
      if (!Files.isDirectory(root)) {
        Files.createDirectories(root);
        Files.setPosixFilePermissions(root, PRIVATE_DIRECTORY);
      }
      Files.delete(Files.createTempFile(root, "probe", ""));
      return new DataDirectory(root.toRealPath());
    } catch (IOException | UnsupportedOperationException e) {
      throw new CannotStartException(
          "The data directory "
              + root
              + " can't be written: make it writable for this user, or choose another with "
              + Setting.DATA_DIR.label()
              + ".",
          e);
    }
  }

  /** A path inside. */
  public Path resolve(String name) {
    return root.resolve(name);
  }

  /** The directory itself, absolute and without links. */
  public Path root() {
    return root;
  }

  /**
   * Takes the directory for this process until the lock is closed or the process ends, however it
   * ends.
   *
   * @return empty if another process has it
   */
  public Optional<Lock> tryLock() {
    try {
      FileChannel channel =
          FileChannel.open(
              root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      Optional<Lock> lock = Optional.ofNullable(tryLock(channel)).map(held -> new Lock(channel));
      if (lock.isEmpty()) {
        channel.close();
      }
      return lock;
    } catch (IOException e) {
      throw new CannotStartException("The data directory " + root + " can't be locked: " + e, e);
    }
  }

  /** Takes the directory or says who is in the way. */
  public Lock lock() {
    return tryLock()
        .orElseThrow(
            () ->
                new CannotStartException(
                    "Another Runcast is running on "
                        + root
                        + ": stop it first, or choose another directory with "
                        + Setting.DATA_DIR.label()
                        + "."));
  }

  /** The text of a private file, without line end. */
  public Optional<String> read(String name) {
    Path file = root.resolve(name);
    try {
      return Files.exists(file)
          ? Optional.of(Files.readString(file).strip()).filter(text -> !text.isEmpty())
          : Optional.empty();
    } catch (IOException e) {
      throw new CannotStartException(file + " can't be read: give this user access to it.", e);
    }
  }

  /** Writes a private file in one step: readers see the old text or the new, never a part. */
  public void write(String name, String text) {
    Path file = root.resolve(name);
    try {
      Path draft =
          Files.createTempFile(
              root, name, ".new", PosixFilePermissions.asFileAttribute(PRIVATE_FILE));
      try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
        channel.write(StandardCharsets.UTF_8.encode(text + "\n"));
        channel.force(true);
      }
      Files.move(draft, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new CannotStartException(file + " can't be written: " + e.getMessage() + ".", e);
    }
  }

  private static @org.jspecify.annotations.Nullable FileLock tryLock(FileChannel channel)
      throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // this very process has it already
    }
  }

  /** A held data directory. */
  public static final class Lock implements AutoCloseable {
    private final FileChannel channel;

    private Lock(FileChannel channel) {
      this.channel = channel;
    }

    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException e) {
        throw new IllegalStateException("lock file of the data directory", e);
      }
    }
  }
}
