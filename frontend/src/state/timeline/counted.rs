use leptos::prelude::*;
use model::{Position, events::Histogram};

use super::Outbox;
use crate::browser::readers::kept;

/// What the bridge counts for this page.
#[derive(Clone, Copy)]
pub struct Counted {
    asked: StoredValue<Option<Question>>,
    /// The last answer.
    pub answer: ReadSignal<Option<Answer>>,
    /// The last question that the bridge could not answer.
    pub unanswered: ReadSignal<Option<Question>>,
    /// Counts what makes answers void.
    pub void: ReadSignal<u32>,
    set_answer: WriteSignal<Option<Answer>>,
    set_unanswered: WriteSignal<Option<Question>>,
    set_void: WriteSignal<u32>,
    outbox: Outbox,
}

/// Which events to count. No begin: from the oldest that there is; no end: up to now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Question {
    pub filter: String,
    pub since_millis: Option<u64>,
    pub until_millis: Option<u64>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub question: Question,
    pub histogram: Histogram,
    /// What comes after this entry is not counted.
    pub last: Position,
}

impl Counted {
    pub(super) fn new(outbox: Outbox) -> Self {
        let (answer, set_answer) = signal(None);
        let (unanswered, set_unanswered) = signal(None);
        let (void, set_void) = signal(0);
        Self {
            asked: StoredValue::new(None),
            answer: kept(answer),
            unanswered: kept(unanswered),
            void: kept(void),
            set_answer,
            set_unanswered,
            set_void,
            outbox,
        }
    }

    /// Asks, where this was not the last question.
    pub fn ask(self, question: Question) {
        if self
            .asked
            .with_value(|asked| asked.as_ref() != Some(&question))
        {
            self.asked.set_value(Some(question.clone()));
            self.outbox.want_count(question);
        }
    }

    /// The last question is to be asked again.
    pub fn again(self) {
        self.asked.set_value(None);
        self.set_void.update(|void| *void = void.wrapping_add(1));
    }

    /// Nobody looks at it any more.
    pub fn forget(self) {
        self.asked.try_set_value(None);
        self.set_answer.try_set(None);
        self.set_unanswered.try_set(None);
    }

    /// What was asked for does not come any more; what is here counts for the same run of the bridge alone.
    pub(super) fn begin(self, is_other: bool) {
        if is_other {
            self.set_answer.set(None);
        }
        self.set_unanswered.set(None);
        self.again();
    }

    pub(crate) fn put(self, answer: Answer) {
        self.set_unanswered.set(None);
        self.set_answer.set(Some(answer));
    }

    pub(crate) fn give_up(self, question: Question) {
        self.set_unanswered.set(Some(question));
    }
}
