package matrix_test

import (
	"log/slog"
	"maps"
	"path/filepath"
	"slices"
	"testing"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/internal/contract"
	"github.com/microroute/microroute/internal/contract/routecases"
	"github.com/microroute/microroute/internal/contract/site"
)

const (
	recorded = "../../internal/contract/testdata/contract/cases.json"
	files    = "../../internal/contract/testdata/contract/site"
)

// place is what a case wants of the App: its mode, and the folder of its files.
type place struct{ mode, root string }

// load returns all wire cases by place, and how many they are. No two have the same name: the lists go by it.
func load(t *testing.T) (places map[place][]contract.Case, total int) {
	t.Helper()
	cases, err := contract.Load(recorded)
	if err != nil {
		t.Fatal(err)
	}
	places, names := make(map[place][]contract.Case), make(map[string]bool)
	for _, c := range slices.Concat(cases, routecases.All()) {
		if names[c.ID] {
			t.Fatalf("there are two cases of the name %q", c.ID)
		}
		names[c.ID] = true
		at := place{c.Mode, c.Root}
		places[at] = append(places[at], c)
	}
	return places, len(names)
}

// Every case passes over every way, but for those that are listed: each of these cannot be asked, or fails.
func TestMatrix(t *testing.T) {
	places, total := load(t)
	for _, w := range ways {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			lost := make(map[string]string) // the cases that do not pass, each with the first reason
			for at, cases := range places {
				app, err := site.New(at.mode, microroute.Config{
					Root: filepath.Join(files, at.root), Engine: w.engine, Logger: slog.New(slog.DiscardHandler),
				})
				if err != nil {
					t.Fatal(err)
				}
				report := w.begin(t, app).Run(cases)
				if asked, want := report.Requests+len(report.Left), requests(cases); asked != want {
					t.Errorf("%+v: %d requests are accounted for, want %d", at, asked, want)
				}
				for _, f := range slices.Concat(report.Left, report.Failures) {
					if _, known := lost[f.Case]; !known {
						lost[f.Case] = f.Text
					}
				}
			}
			compare(t, lost, w.except.all())
			if passed := total - len(lost); passed != w.passes {
				t.Errorf("%d of %d cases pass, want %d", passed, total, w.passes)
			}
		})
	}
}

func requests(cases []contract.Case) (n int) {
	for _, c := range cases {
		n += len(c.Requests)
	}
	return n
}

// compare reports cases that do not pass and are not listed, and those that are listed and pass or do not exist.
func compare(t *testing.T, lost, listed map[string]string) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(lost)) {
		if listed[name] == "" {
			t.Errorf("%s: %s", name, lost[name])
		}
	}
	for _, name := range slices.Sorted(maps.Keys(listed)) {
		if lost[name] == "" {
			t.Errorf("%s passes, but is listed: %s", name, listed[name])
		}
	}
}
