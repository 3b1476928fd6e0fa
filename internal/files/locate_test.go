package files

import "testing"

// On Windows these name a file that they do not spell.
func TestIsAlias(t *testing.T) {
	for segment, want := range map[string]bool{
		"a.txt": false, "a b.txt": false, "a~b": false, "a~": false, "~": false, "ü世": false, "a..b": false, "con.txt": false,
		"a.txt.": true, "a.txt ": true, "a.txt. .": true, "a.txt::$DATA": true, "a.txt:stream": true, "C:": true,
		"HIDDEN~1": true, "PROGRA~2.HTM": true, "a*": true, "a?.txt": true, "a\"": true, "a<": true, "a>b": true, "a|b": true,
	} {
		if got := isAlias(segment); got != want {
			t.Errorf("isAlias(%q) = %t, want %t", segment, got, want)
		}
	}
}
