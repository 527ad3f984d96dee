package io.photophone.events.symbols;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("V11")
final class DemanglerTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          _ZN13PlatformEvent4parkEv           | PlatformEvent::park
          _ZNK6Method4nameEv                  | Method::name
          _ZN3FooC1Ei                         | Foo::Foo
          _ZN3FooD0Ev                         | Foo::~Foo
          _ZL12thread_entryP10JavaThreadS0_   | thread_entry
          _Z3addii                            | add
          _ZN12_GLOBAL__N_13runEv             | (anonymous namespace)::run
          _ZN3FooeqERKS_                      | Foo::operator==
          _ZnwmRKSt9nothrow_t                 | operator new
          _ZNSt6thread4joinEv                 | std::thread::join
          _ZSt9terminatev                     | std::terminate
          _Z3addii.cold                       | add [clone .cold]
          _ZN4core3fmt5Write9write_fmt17h0123456789abcdefE   | core::fmt::Write::write_fmt
          _ZN38_$LT$T$u20$as$u20$core..fmt..Debug$GT$3fmt17h0123456789abcdefE | <T as core::fmt::Debug>::fmt
          """)
  void a_mangled_name_is_made_readable(String mangled, String readable) {
    assertEquals(readable, Demangler.readable(mangled));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "_Z",
        "_ZN",
        "_ZN3",
        "_ZN99999999999999999999fooE",
        "_ZN3foo",
        "_ZNE",
        "_ZN0E",
        "main",
        "_ZN3FooIiE3barEv",
        "_ZThn16_N3Foo3barEv",
        "_RNvC4test4main",
        "_Z3maxIiET_S0_S0_",
        "_ZNC1Ev",
        "_ZN3fooB5cxx113barEv"
      })
  void a_name_that_is_not_understood_stays_whole(String name) {
    assertEquals(name, Demangler.readable(name));
  }

  @Test
  void the_running_jvm_s_names_are_as_the_c_plus_plus_filter_has_them() throws Exception {
    SymbolTable table = SymbolTable.read(ElfSymbols.of(Binutils.jvmLibrary()));
    var mangled = new ArrayList<String>();
    for (int i = 0; i < table.size(); i++) {
      String name = table.name(i);
      if (name.startsWith("_Z")
          && name.indexOf('.') < 0
          && !Demangler.readable(name).equals(name)) {
        mangled.add(name);
      }
    }
    Path names = Files.write(directory.resolve("names"), mangled);
    List<String> expected = Binutils.run("sh", "-c", "c++filt -p < \"$1\"", "sh", names.toString());
    assumeTrue(expected.size() == mangled.size(), "no c++filt here");
    assertTrue(mangled.size() > 1000, "readable: " + mangled.size());
    System.out.printf("%d of %d names readable%n", mangled.size(), table.size());
    for (int i = 0; i < expected.size(); i++) {
      String name = mangled.get(i);
      assertEquals(expected.get(i), Demangler.readable(name), name);
    }
  }
}
