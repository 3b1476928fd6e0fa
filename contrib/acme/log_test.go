package acme

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/zap"
)

// What certmagic says reaches the logger, as urgent as it is.
func TestLog(t *testing.T) {
	for _, tt := range []struct {
		name  string
		level slog.Level
		say   func(*zap.Logger)
		want  string // "" for nothing
	}{
		{"error", slog.LevelInfo, func(l *zap.Logger) { l.Error("no", zap.Error(errors.New("cause"))) }, `level=ERROR msg=no by=certmagic error=cause`},
		{"warning", slog.LevelInfo, func(l *zap.Logger) { l.Warn("hm", zap.Duration("in", time.Second)) }, `level=WARN msg=hm by=certmagic in=1s`},
		{"information", slog.LevelDebug, func(l *zap.Logger) { l.Info("so", zap.Int("n", 1)) }, `level=DEBUG msg=so by=certmagic n=1`},
		{"information, not wanted", slog.LevelInfo, func(l *zap.Logger) { l.Info("so") }, ""},
		{"with fields", slog.LevelInfo, func(l *zap.Logger) { l.With(zap.String("b", "2")).Warn("hm", zap.String("a", "1")) },
			`level=WARN msg=hm by=certmagic a=1 b=2`},
	} {
		var text bytes.Buffer
		var logger atomic.Pointer[slog.Logger]
		logger.Store(slog.New(slog.NewTextHandler(&text, &slog.HandlerOptions{
			Level: tt.level,
			ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
				if a.Key == slog.TimeKey {
					return slog.Attr{}
				}
				return a
			},
		})))
		tt.say(newLog(&logger))
		if got := strings.TrimSpace(text.String()); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}
