package io.moiety.compatibility;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The tests of a class run against a broker, which all classes with the same settings share, so
 * each test takes topics and groups of its own. A test method gets {@link Clients}, {@link Bridge}
 * and {@link JudgedBroker} as parameters; what the first two opened is closed after it. Methods run
 * concurrently, so a class has no fields that change.
 *
 * <p>A test that stops its broker starts one for itself: {@link JudgedBroker#start}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(OnBrokerExtension.class)
@interface OnBroker {

  /**
   * Settings beyond those that every judged broker has, as {@code name=value}, with names that both
   * sides know.
   */
  String[] value() default {};
}
