package microroutetest_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/microroute/microroute/microroutetest"
)

// recorder is a testing.TB that writes down how a test fails. The rest is a real one's.
type recorder struct {
	testing.TB
	reports []string
}

func (r *recorder) Helper() {}

func (r *recorder) Errorf(format string, args ...any) {
	r.reports = append(r.reports, fmt.Sprintf(format, args...))
}

func (r *recorder) Fatalf(format string, args ...any) {
	r.Errorf(format, args...)
	r.FailNow()
}

func (r *recorder) Fatal(args ...any) {
	r.Errorf("%s", fmt.Sprint(args...))
	r.FailNow()
}

func (r *recorder) FailNow() {
	r.reports = append(r.reports, "the test ends")
	runtime.Goexit()
}

// failures returns what a test reports that uses the client so.
func failures(t testing.TB, client *microroutetest.Client, use func(*microroutetest.Client)) string {
	r := &recorder{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		use(client.In(r))
	}()
	<-done
	return strings.Join(r.reports, "\n")
}

// report cuts the indentation of this file from the text of a report.
func report(lines string) string {
	return strings.ReplaceAll(strings.TrimPrefix(strings.TrimRight(lines, "\t"), "\n"), "\n\t\t\t", "\n")
}
