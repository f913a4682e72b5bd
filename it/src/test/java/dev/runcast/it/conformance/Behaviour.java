package dev.runcast.it.conformance;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One function of one generation of the clients, shown at work by one test.
 *
 * @param with what is special about the call; empty for the plain one
 * @param sentence what the test says it does
 */
record Behaviour(String client, String function, String with, String sentence) {

  /** All that a test shows. */
  static List<Behaviour> of(Method test) {
    String sentence =
        test.getName().replaceAll("(?=[A-Z]|(?<![0-9])[0-9])", " ").toLowerCase(Locale.ROOT);
    List<Behaviour> shown = new ArrayList<>();
    for (Conformance declared : test.getAnnotationsByType(Conformance.class)) {
      for (String client : declared.client()) {
        for (String function : declared.function()) {
          shown.add(new Behaviour(client, function, declared.with(), sentence));
        }
      }
    }
    return shown;
  }

  /** A line of the listing. */
  String line(String outcome) {
    String call = with.isEmpty() ? function : function + " with " + with;
    return String.join(" ", "conformance", client, call, outcome) + ": " + sentence;
  }
}
