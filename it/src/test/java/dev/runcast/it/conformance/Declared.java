package dev.runcast.it.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The tests of this module that are declared behaviours, whether or not they are being run. */
final class Declared {
  private Declared() {}

  static List<Method> tests() {
    try {
      Path classes =
          Path.of(Declared.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      try (Stream<Path> files = Files.walk(classes)) {
        return files
            .map(file -> classes.relativize(file).toString())
            .filter(file -> file.startsWith("dev") && file.endsWith(".class"))
            .map(file -> file.substring(0, file.length() - ".class".length()).replace('/', '.'))
            .flatMap(name -> Arrays.stream(load(name).getDeclaredMethods()))
            .filter(method -> method.getAnnotationsByType(Conformance.class).length > 0)
            .toList();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static List<Behaviour> behaviours() {
    return tests().stream().flatMap(test -> Behaviour.of(test).stream()).toList();
  }

  /** Without running what is static in it: some start processes there. */
  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, Declared.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }
}
