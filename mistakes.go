package microroute

import (
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
)

// mistakes collects what is wrong with the way an App is set up, so that all of it can be reported together.
type mistakes struct{ list []string }

// adapter begins the names of functions that register something in their callers' name.
const adapter = "github.com/microroute/microroute/nethttp."

// add notes a mistake with the file and line of the code outside this package that made it, skip callers above add's.
func (m *mistakes) add(skip int, format string, args ...any) {
	pc, file, line, ok := runtime.Caller(skip + 1)
	for ok && strings.HasPrefix(runtime.FuncForPC(pc).Name(), adapter) {
		skip++
		pc, file, line, ok = runtime.Caller(skip + 1)
	}
	text := fmt.Sprintf(format, args...)
	if ok {
		text = fmt.Sprintf("%s:%d: %s", filepath.Base(file), line, text)
	}
	m.list = append(m.list, text)
}

func (m *mistakes) error() error {
	switch len(m.list) {
	case 0:
		return nil
	case 1:
		return errors.New("microroute: " + m.list[0])
	}
	return fmt.Errorf("microroute: %d mistakes:\n\t%s", len(m.list), strings.Join(m.list, "\n\t"))
}
