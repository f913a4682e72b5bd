package dev.runcast.it.conformance;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Says that a test shows functions of an official client at work, run from its package as
 * published. Each invocation of the test is a behaviour; of a test with parameters that name a
 * client, only of that client.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Repeatable(Conformance.All.class)
@ExtendWith(ConformanceExtension.class)
public @interface Conformance {
  /** The generations of the client, by their versions: {@code 4.8.3}, {@code 3.3.17}. */
  String[] client();

  /** The functions, as an application names them: {@code runs.list}, {@code useRealtimeRun}. */
  String[] function();

  /**
   * What is special about the call, if it has a row of its own in the table: for the row "{@code
   * tasks.trigger} with a ttl" it is {@code a ttl}.
   */
  String with() default "";

  /** Several of them. */
  @Target(ElementType.METHOD)
  @Retention(RetentionPolicy.RUNTIME)
  @ExtendWith(ConformanceExtension.class)
  @interface All {
    Conformance[] value();
  }
}
