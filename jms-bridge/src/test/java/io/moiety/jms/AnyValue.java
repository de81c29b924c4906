package io.moiety.jms;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** Values of all the types that Jakarta Messaging knows. */
final class AnyValue {

  private AnyValue() {}

  /** Of the types that a property may have. */
  static Arbitrary<Object> ofProperty(Arbitrary<String> texts) {
    return Arbitraries.oneOf(ofPropertyTypes(texts));
  }

  /** Of the types that an entry of a map, or an element of a stream, may have. */
  static Arbitrary<Object> ofEntry(Arbitrary<String> texts) {
    return Arbitraries.oneOf(
        Arbitraries.oneOf(ofPropertyTypes(texts)),
        Arbitraries.chars(),
        Arbitraries.bytes().array(byte[].class).ofMaxSize(9));
  }

  private static List<Arbitrary<?>> ofPropertyTypes(Arbitrary<String> texts) {
    return List.of(
        Arbitraries.of(true, false),
        Arbitraries.bytes(),
        Arbitraries.shorts(),
        Arbitraries.integers(),
        Arbitraries.longs(),
        Arbitraries.floats(),
        Arbitraries.doubles(),
        texts);
  }
}
