package dev.runcast.embedded;

import dev.runcast.config.CannotStartException;
import dev.runcast.config.Setting;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * Postgres's programs, unpacked once per version.
 *
 * @param root holds {@code bin}, {@code lib} and {@code share}
 */
record PostgresBinaries(Path root) {

  /**
   * Unpacks what this platform's jar holds into a directory named by its checksum. A start that is
   * killed while unpacking leaves a draft which the next start replaces, never half a Postgres.
   */
  static PostgresBinaries unpack(DataDirectory directory) {
    URL archive = archive();
    Path root = directory.resolve("postgres-" + checksum(archive));
    if (!Files.isDirectory(root)) {
      Path draft = root.resolveSibling(root.getFileName() + ".new");
      try {
        Trees.delete(draft);
        unpack(archive, draft);
        Files.move(draft, root, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        throw new CannotStartException(
            "Postgres can't be unpacked into "
                + draft
                + " ("
                + e.getMessage()
                + "): make room for 120 MB, or choose another place with "
                + Setting.DATA_DIR.label()
                + ".",
            e);
      }
    }
    return new PostgresBinaries(root);
  }

  /** The path of one program. */
  String program(String name) {
    return root.resolve("bin").resolve(name).toString();
  }

  private static URL archive() {
    String name = "postgres-" + system() + "-" + machine() + ".txz";
    URL archive = PostgresBinaries.class.getClassLoader().getResource(name);
    if (archive == null) {
      throw new CannotStartException(
          "There is no embedded Postgres for this platform ("
              + name
              + "): run your own Postgres 15 to 18 and name it with "
              + Setting.DATABASE_URL.label()
              + ".");
    }
    return archive;
  }

  private static String system() {
    return System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac")
        ? "darwin"
        : "linux";
  }

  private static String machine() {
    String machine = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    return List.of("amd64", "x86_64").contains(machine) ? "x86_64" : "arm_64";
  }

  // The jar's directory knows it, so that 15 MB need not be read at every start.
  private static String checksum(URL archive) {
    try {
      JarURLConnection connection = (JarURLConnection) archive.openConnection();
      return HexFormat.of().toHexDigits(connection.getJarEntry().getCrc(), 8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void unpack(URL archive, Path target) throws IOException {
    try (InputStream packed = new BufferedInputStream(archive.openStream());
        TarArchiveInputStream tar =
            new TarArchiveInputStream(new XZCompressorInputStream(packed))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (!entry.isDirectory() && !entry.getName().endsWith(".a")) {
          unpack(entry, tar, inside(target, entry.getName()));
        }
      }
    }
  }

  private static Path inside(Path target, String name) throws IOException {
    Path file = target.resolve(name).normalize();
    if (!file.startsWith(target)) {
      throw new IOException("an entry of the archive points outside: " + name);
    }
    return file;
  }

  private static void unpack(TarArchiveEntry entry, InputStream content, Path file)
      throws IOException {
    Files.createDirectories(file.getParent());
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
    } else {
      Files.copy(content, file);
      boolean executable = (entry.getMode() & 0100) != 0;
      Files.setPosixFilePermissions(
          file, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
    }
  }
}
