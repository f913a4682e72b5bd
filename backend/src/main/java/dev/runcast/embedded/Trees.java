package dev.runcast.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Directories with all that is in them. Links are treated as themselves, never followed. */
final class Trees {
  private Trees() {}

  /** Deletes a tree, if it exists. */
  static void delete(Path tree) throws IOException {
    for (Path file : deepestFirst(tree)) {
      Files.delete(file);
    }
  }

  /** Gives a tree to a user. */
  static void own(Path tree, int user) throws IOException {
    for (Path file : deepestFirst(tree)) {
      Files.setAttribute(file, "unix:uid", user, LinkOption.NOFOLLOW_LINKS);
    }
  }

  private static List<Path> deepestFirst(Path tree) throws IOException {
    if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(tree)) {
      return files.sorted(Comparator.reverseOrder()).toList();
    }
  }
}
