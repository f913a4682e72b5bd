package dev.runcast.engine.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Cron expressions at random: lists, ranges and steps in all fields, often around the small hours.
 */
final class RandomCron {
  private RandomCron() {}

  static String text(Random random) {
    return String.join(
        " ",
        field(random, 0, 59, 0.2),
        random.nextBoolean() ? "" + random.nextInt(5) : field(random, 0, 23, 0.4),
        field(random, 1, 31, 0.7),
        field(random, 1, 12, 0.9),
        field(random, 0, 7, 0.7));
  }

  private static String field(Random random, int low, int high, double any) {
    if (random.nextDouble() < any) {
      return "*";
    }
    List<String> parts = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      int first = low + random.nextInt(high - low + 1);
      int last = first + random.nextInt(high - first + 1);
      parts.add(
          switch (random.nextInt(5)) {
            case 0 -> first + "-" + last;
            case 1 -> "*/" + (2 + random.nextInt(high - low - 1));
            case 2 -> first + "-" + last + "/" + (1 + random.nextInt(5));
            default -> "" + first;
          });
    }
    return String.join(",", parts);
  }
}
