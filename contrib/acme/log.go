package acme

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync/atomic"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
)

// core is a zapcore.Core that passes on what certmagic has to say. What certmagic takes for information is for those who look
// for a fault.
type core struct {
	logger *atomic.Pointer[slog.Logger]
	fields []zapcore.Field
}

// newLog returns certmagic's way to a logger.
func newLog(logger *atomic.Pointer[slog.Logger]) *zap.Logger { return zap.New(&core{logger: logger}) }

// levelOf returns the level for records of certmagic's level.
func levelOf(level zapcore.Level) slog.Level {
	switch {
	case level >= zapcore.ErrorLevel:
		return slog.LevelError
	case level == zapcore.WarnLevel:
		return slog.LevelWarn
	}
	return slog.LevelDebug
}

func (c *core) Enabled(level zapcore.Level) bool {
	return c.logger.Load().Enabled(context.Background(), levelOf(level))
}

func (c *core) With(fields []zapcore.Field) zapcore.Core {
	return &core{c.logger, slices.Concat(c.fields, fields)}
}

func (c *core) Check(entry zapcore.Entry, checked *zapcore.CheckedEntry) *zapcore.CheckedEntry {
	if c.Enabled(entry.Level) {
		return checked.AddCore(entry, c)
	}
	return checked
}

func (c *core) Write(entry zapcore.Entry, fields []zapcore.Field) error {
	values := zapcore.NewMapObjectEncoder()
	for _, field := range slices.Concat(c.fields, fields) {
		field.AddTo(values)
	}
	attributes := []slog.Attr{slog.String("by", "certmagic")}
	for _, name := range slices.Sorted(maps.Keys(values.Fields)) {
		attributes = append(attributes, slog.Any(name, values.Fields[name]))
	}
	c.logger.Load().LogAttrs(context.Background(), levelOf(entry.Level), entry.Message, attributes...)
	return nil
}

func (*core) Sync() error { return nil }
