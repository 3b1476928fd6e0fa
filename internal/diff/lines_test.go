package diff_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/microroute/microroute/internal/diff"
)

func TestLines(t *testing.T) {
	for _, test := range []struct{ name, want, got, lines string }{
		{"nothing", "", "", ""},
		{"equal", "a b", "a b", " a  b"},
		{"changed", "a b c", "a x c", " a -b +x  c"},
		{"added", "a c", "a b c", " a +b  c"},
		{"added before", "b", "a b", "+a  b"},
		{"added behind", "a", "a b", " a +b"},
		{"missing", "a b c", "a c", " a -b  c"},
		{"all missing", "a b", "", "-a -b"},
		{"all new", "", "a b", "+a +b"},
		{"want first", "a b c", "x y c", "-a -b +x +y  c"},
		{"shortest way", "a b c a b b a", "c b a b a c", "-a -b  c +b  a  b -b  a +c"},
		{"repeated", "{ a } { b }", "{ a } { x } { b }", " {  a  }  { +x +} +{  b  }"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, line := range diff.Lines(onLines(test.want), onLines(test.got)) {
				got = append(got, fmt.Sprintf("%c%s", line.Op, strings.TrimSuffix(line.Text, "\n")))
			}
			if got := strings.Join(got, " "); got != test.lines {
				t.Errorf("from %q to %q: got %q, want %q", test.want, test.got, got, test.lines)
			}
		})
	}
}

// onLines puts each word on a line of its own.
func onLines(words string) string {
	var text strings.Builder
	for word := range strings.FieldsSeq(words) {
		text.WriteString(word + "\n")
	}
	return text.String()
}

// The line breaks are part of the lines.
func TestLinesEnd(t *testing.T) {
	var got []string
	for _, line := range diff.Lines("a\nb", "a\nb\n") {
		got = append(got, fmt.Sprintf("%c%q", line.Op, line.Text))
	}
	if want := []string{` "a\n"`, `-"b"`, `+"b\n"`}; !slices.Equal(got, want) {
		t.Errorf("got %s, want %s", got, want)
	}
}

// As many lines are equal as a table of all subsequences says.
func TestLinesAreShortest(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		want, got := randomText(random), randomText(random)
		equal := 0
		for _, line := range diff.Lines(want, got) {
			if line.Op == diff.Equal {
				equal++
			}
		}
		if most := longestCommon(strings.Fields(want), strings.Fields(got)); equal != most {
			t.Fatalf("from %q to %q: got %d equal lines, want %d", want, got, equal, most)
		}
	}
}

func randomText(random *rand.Rand) string {
	var text strings.Builder
	for range random.IntN(12) {
		fmt.Fprintf(&text, "%c\n", 'a'+random.IntN(4))
	}
	return text.String()
}

func longestCommon(a, b []string) int {
	lengths := make([]int, len(b)+1)
	for _, x := range a {
		diagonal := 0
		for j, y := range b {
			above := lengths[j+1]
			if x == y {
				lengths[j+1] = diagonal + 1
			} else {
				lengths[j+1] = max(above, lengths[j])
			}
			diagonal = above
		}
	}
	return lengths[len(b)]
}

// Texts that have next to nothing in common are not compared for ever.
func TestLinesOfOtherTexts(t *testing.T) {
	var want, got strings.Builder
	for i := range 100_000 {
		fmt.Fprintln(&want, i)
		fmt.Fprintln(&got, i+50_000)
	}
	if n := len(diff.Lines(want.String(), got.String())); n != 200_000 {
		t.Errorf("got %d lines, want all of both", n)
	}
}

func FuzzLines(f *testing.F) {
	f.Add("a\nb\nc\n", "a\nc")
	f.Add("\n\na", "\n")
	f.Fuzz(func(t *testing.T, want, got string) {
		var a, b strings.Builder
		changes := 0
		before := diff.Equal
		for _, line := range diff.Lines(want, got) {
			if before == diff.Got && line.Op == diff.Want {
				t.Errorf("from %q to %q: a line of want comes behind one of got", want, got)
			}
			before = line.Op
			if line.Op != diff.Got {
				a.WriteString(line.Text)
			}
			if line.Op != diff.Want {
				b.WriteString(line.Text)
			}
			if line.Op != diff.Equal {
				changes++
			}
		}
		if a.String() != want || b.String() != got || (changes == 0) != (want == got) {
			t.Errorf("from %q to %q: got %q, %q and %d changes", want, got, a.String(), b.String(), changes)
		}
	})
}
