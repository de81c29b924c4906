package io.moiety.benchmarks.compare;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A part of a document that is written by a program, between two marks with its name. */
public final class GeneratedPart {

  private GeneratedPart() {}

  /**
   * Puts new content between the marks.
   *
   * @throws IOException also when the document has no such part
   */
  public static void replace(Path document, String name, String content) throws IOException {
    String beginMark = "<!-- generated " + name + ": begin -->";
    String endMark = "<!-- generated " + name + ": end -->";
    String text = Files.readString(document, UTF_8);
    int begin = text.indexOf(beginMark);
    int end = text.indexOf(endMark);
    if (begin < 0 || end < begin) {
      throw new IOException(document + " has no part between " + beginMark + " and " + endMark);
    }
    Files.writeString(
        document,
        text.substring(0, begin + beginMark.length())
            + "\n\n"
            + content
            + "\n"
            + text.substring(end),
        UTF_8);
  }
}
