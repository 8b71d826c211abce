/**
 * What people in made-up chats talk about. `open` names the matter; `ask` is what the other says; `tell` answers with
 * few of the matter's words; `question` asks for it later. `$1` is a value out of `values`; `$me` who speaks, `$you` the other.
 */
export interface ChatTopic {
  readonly open: readonly string[];
  readonly ask: readonly string[];
  readonly tell: readonly string[];
  readonly question: readonly string[];
  readonly values: readonly string[];
}

export const CHAT_TOPICS: readonly ChatTopic[] = [
  {
    open: [
      'I finally signed up for that pottery class I kept talking about.',
      'Spent all of Sunday at the pottery studio again!',
    ],
    ask: ['No way! What did you end up making?', 'Ooh, show me. What was it?'],
    tell: ['A $1! It came out a bit crooked but I love it.', 'Just a $1 for now. The glaze still has to dry.'],
    question: ['What did $me make in pottery class?', 'Which ceramic piece did $me create at the studio?'],
    values: ['blue bowl', 'tall vase', 'tiny teapot', 'mug with a fox on it', 'soap dish', 'candle holder'],
  },
  {
    open: ['We adopted a dog from the shelter last weekend!', 'Big news: the shelter called, we are getting a puppy.'],
    ask: ['Aww! What is the little one called?', 'Congratulations, $me! Any name yet?'],
    tell: ['The kids voted and $1 won.', 'We went with $1, after my grandfather.'],
    question: ["What is the name of $me's dog?", 'How did $me name the pet from the shelter?'],
    values: ['Biscuit', 'Oscar', 'Pepper', 'Luna', 'Waffles', 'Ziggy', 'Moose'],
  },
  {
    open: [
      'My doctor says I have to change a few things after the check-up.',
      'Got my blood test results back from the doctor.',
    ],
    ask: ['Is everything alright? What did they say?', 'Oh no. Anything serious?'],
    tell: [
      'Mostly that I should cut down on $1. Easier said than done.',
      'Nothing dramatic, just less $1 from now on.',
    ],
    question: ["What did $me's doctor advise to avoid?", 'What does $me need to reduce for health reasons?'],
    values: ['salt', 'coffee', 'sugar', 'red meat', 'late nights', 'cheese'],
  },
  {
    open: ['I have been looking into moving for the new job.', 'So the company wants me to relocate for the job.'],
    ask: ['Wow, where to?', 'Seriously? Which city would it be?'],
    tell: ['Probably $1, they have a big office there.', "It's $1. I have never even been there in winter."],
    question: ['Where might $me move for work?', 'Which city is $me relocating to?'],
    values: ['Denver', 'Lisbon', 'Osaka', 'Toronto', 'Leeds', 'Graz', 'Austin'],
  },
  {
    open: [
      'The marathon is only a month away and I am so nervous.',
      'Did eighteen miles this morning, marathon training is killing me.',
    ],
    ask: ['You can do it! What keeps you going?', 'How do you even get through that distance?'],
    tell: ['Honestly? Listening to $1 the whole way.', 'I put on $1 and stop thinking.'],
    question: ['What does $me listen to while running?', 'What helps $me through long training runs?'],
    values: ['old jazz records', 'true crime podcasts', 'Bach', 'audiobooks about Rome', 'heavy metal', 'whale sounds'],
  },
  {
    open: ['My sister is getting married in the spring!', 'Guess who was asked to help plan the wedding of my sister.'],
    ask: ['How lovely! What will you do for it?', 'And what is your part in it?'],
    tell: ['She wants me to take care of the $1.', "I'm in charge of the $1, wish me luck."],
    question: [
      "What is $me responsible for at the sister's wedding?",
      "What task did $me get for her sibling's ceremony?",
    ],
    values: ['flowers', 'music', 'cake', 'seating plan', 'photographs', 'invitations'],
  },
  {
    open: ['The kids had their science fair yesterday.', 'You should have seen the school science fair.'],
    ask: ['How did it go? What did they build?', 'Did they bring something of their own?'],
    tell: ['A $1, made of bottles and tape, and it worked!', 'They showed a $1 and got second place.'],
    question: ["What did $me's children present at school?", "What project did $me's kids build for the fair?"],
    values: ['volcano', 'water clock', 'solar oven', 'wind turbine', 'wormery', 'paper bridge'],
  },
  {
    open: ['I started reading before bed instead of scrolling.', 'My book club picked something heavy this month.'],
    ask: ['Nice, what are you on at the moment?', 'Which one? I need recommendations.'],
    tell: ["I'm halfway through $1 and cannot put it down.", 'We are doing $1. I cried twice.'],
    question: ['What book has $me been reading?', "Which novel did $me's book club choose?"],
    values: ['Middlemarch', 'Beloved', 'The Overstory', 'Pachinko', 'Dune', 'Stoner', 'Circe'],
  },
  {
    open: ['Our car broke down on the way to the lake.', 'Never trust a mechanic who whistles. The car is dead again.'],
    ask: ['Oh no, what was wrong with it?', 'Ugh. Do they know what caused it?'],
    tell: ['The $1. Cost me a fortune.', 'Turns out the $1 had been leaking for months.'],
    question: ["What part of $me's car failed?", "Why did $me's vehicle stop working?"],
    values: ['alternator', 'radiator', 'fuel pump', 'gearbox', 'timing belt', 'head gasket'],
  },
  {
    open: [
      'We went camping in the mountains, no signal for four days.',
      'Back from the camping trip, I smell like smoke.',
    ],
    ask: ['Jealous! What was the best part?', 'Did you see anything exciting?'],
    tell: ['There was a $1 right next to our tent at dawn!', 'On the second night we watched $1 for hours.'],
    question: ['What did $me see on the camping trip?', 'What was the highlight of the mountain holiday for $me?'],
    values: ['moose', 'meteor shower', 'family of otters', 'black bear', 'golden eagle', 'double rainbow'],
  },
  {
    open: ['I have been taking violin lessons in secret.', 'I bought an old instrument and found a teacher.'],
    ask: ['What? Why did you never say! What are you practising?', 'Amazing. Can you play something already?'],
    tell: ['My teacher makes me repeat $1 until the neighbours knock.', 'Only $1, and rather slowly.'],
    question: ['What piece is $me learning in music lessons?', 'What can $me play on the violin?'],
    values: [
      'a Vivaldi concerto',
      'Greensleeves',
      'an Irish reel',
      'Twinkle Twinkle',
      'the theme of a film',
      'Amazing Grace',
    ],
  },
  {
    open: [
      'I volunteered at the community centre on Saturday.',
      'They need more volunteers downtown, I went for the first time.',
    ],
    ask: ['That is so kind. What did they have you do?', 'How was it? Who did you work with?'],
    tell: ['I ended up $1 all afternoon.', 'Mostly $1. I will go back next month.'],
    question: ['What did $me do as a volunteer?', 'How did $me help at the community centre?'],
    values: [
      'sorting donated clothes',
      'teaching chess to teenagers',
      'cooking lentil soup',
      'repairing bicycles',
      'reading to toddlers',
      'painting a fence',
    ],
  },
  {
    open: ['I am thinking about going back to university.', 'Filled in the college application last night.'],
    ask: ['Go for it! What would you study?', 'For which subject?'],
    tell: ['$1, believe it or not.', 'I keep coming back to $1. It just feels right.'],
    question: ['What field does $me want to study?', 'Which degree is $me applying for?'],
    values: ['marine biology', 'social work', 'architecture', 'linguistics', 'nursing', 'game design'],
  },
  {
    open: ['The garden is a disaster this year.', 'Spent the morning in the vegetable garden.'],
    ask: ['What is growing well at least?', 'Did anything survive the heat?'],
    tell: ['Only the $1, and there is far too much of it.', 'You would not believe the $1. I am giving it away.'],
    question: ["What grows well in $me's garden?", 'Which vegetable did $me harvest a lot of?'],
    values: ['zucchini', 'kale', 'rhubarb', 'chard', 'mint', 'beans'],
  },
  {
    open: ['Our landlord wants to renovate, so everything is in boxes.', 'We are redoing the flat at last.'],
    ask: ['Exciting! Which room first?', 'Have you picked colours?'],
    tell: ['The hallway will be $1. My partner hates it.', 'We settled on $1 after three weeks of arguing.'],
    question: ['What colour did $me choose for the apartment?', 'How will $me paint the walls?'],
    values: ['mustard yellow', 'sage green', 'terracotta', 'navy', 'lavender', 'off-white'],
  },
  {
    open: ['My grandmother turned ninety!', 'We threw a surprise party for my grandmother.'],
    ask: ['What a milestone! What did you give her?', 'Was she happy? Any presents?'],
    tell: ['A $1, she would not let go of it.', 'All of us chipped in for a $1.'],
    question: ['What gift did $me give to her grandmother?', 'What present did the old lady in $me’s family receive?'],
    values: ['quilt', 'framed family tree', 'hearing aid', 'balloon ride', 'rocking chair', 'photo album'],
  },
  {
    open: ['I had my first day at the bakery today.', 'New job at the bakery means getting up at three.'],
    ask: ['How is it going? Have you learned anything yet?', 'Do you get to bake already?'],
    tell: ['They let me do the $1 by myself.', 'So far I am only allowed to touch the $1.'],
    question: ['What does $me bake at the new job?', 'Which product was $me allowed to prepare at work?'],
    values: ['croissants', 'rye loaves', 'cinnamon rolls', 'pretzels', 'brioche', 'scones'],
  },
  {
    open: ['I lost something valuable on the train.', 'Worst commute ever, I left my bag on the train.'],
    ask: ['Oh no! What was inside?', 'Can you get it back?'],
    tell: ['My $1, of all things. The office has not called.', 'It had the $1 in it. I filled in a form.'],
    question: ['What did $me lose on the commute?', 'What item was left behind by $me in public transport?'],
    values: ['passport', 'wedding ring', 'sketchbook', 'laptop', "father's watch", 'camera'],
  },
  {
    open: [
      'I was so anxious this winter that I tried something new.',
      'Therapy has been good, she gave me an exercise.',
    ],
    ask: ['I am proud of you. What helps?', 'What kind of thing is it?'],
    tell: ['$1 every morning, ten minutes. It sounds silly.', 'Mostly $1. My head is quieter since.'],
    question: ['How does $me cope with anxiety?', 'What does $me do for mental health?'],
    values: [
      'cold showers',
      'writing three pages',
      'breathing in squares',
      'walking barefoot',
      'drawing circles',
      'humming',
    ],
  },
  {
    open: ['The band is playing a show on Friday!', 'We finally have a gig with the band.'],
    ask: ['Yes! Where is it?', 'I will be there. What place?'],
    tell: ['At the $1, doors at eight.', 'Some tiny spot, the $1. Forty people fit in.'],
    question: ["Where does $me's band perform?", 'At which venue is $me giving a concert?'],
    values: ['Blue Lantern', 'Old Mill', 'Harbour Room', 'Red Door', 'Tin Roof', 'Velvet Cellar'],
  },
  {
    open: ['I entered the photo contest after all.', 'Remember the photography contest? The jury wrote to me.'],
    ask: ['And which picture did you send?', 'Which one did they like?'],
    tell: ['The one with $1 in the fog.', 'I gave them $1, shot with my phone.'],
    question: ["What is in $me's contest picture?", 'Which photograph did $me submit?'],
    values: [
      'the ferry',
      'two herons',
      'my neighbour on a ladder',
      'an empty swing',
      'the power station',
      'a red umbrella',
    ],
  },
  {
    open: ['We are having people over for dinner on Thursday.', 'I promised to cook for eight people, help.'],
    ask: ['Brave! What is on the menu?', 'What will you serve?'],
    tell: ['I thought of $1, it can stand in the oven.', '$1, because nobody is allergic to it.'],
    question: ['What is $me cooking for the guests?', 'Which dish will $me prepare for dinner?'],
    values: ['moussaka', 'lasagne', 'a chickpea stew', 'roast duck', 'paella', 'mushroom pie'],
  },
  {
    open: ['My brother finally moved out of the city.', 'Visited my brother at his new place.'],
    ask: ['How is he doing? What does he do now?', 'Did he find work there?'],
    tell: ['He keeps $1 and seems happy with it.', 'Can you imagine, he is into $1 now.'],
    question: ["What is $me's brother doing these days?", "What occupation did $me's sibling take up?"],
    values: ['bees', 'goats', 'blacksmithing', 'beer brewing', 'carpentry', 'vintage tractors'],
  },
  {
    open: ['I passed the exam!!', 'The results of the certification came in.'],
    ask: ['Congrats!! How will you celebrate?', 'You earned it, $me. Any treat for yourself?'],
    tell: ['Booked $1 for the weekend already.', 'With $1, I decided months ago.'],
    question: ['How did $me celebrate passing the exam?', 'What reward did $me choose for the certification?'],
    values: [
      'a sauna day',
      'a trip to the coast',
      'tickets to the opera',
      'a tattoo',
      'a hot air balloon flight',
      'sushi for two',
    ],
  },
];

/** What fills a talk between the matters. */
export const CHAT_FILLERS: readonly string[] = [
  'Hey $you! Good to hear from you, how have you been?',
  'Haha, that is so you.',
  'Thanks, $you. That means a lot to me.',
  'I know, right? Time flies.',
  'Wow, that sounds amazing!',
  'Totally agree, family comes first.',
  'Same here, work has been crazy.',
  'We should really meet up soon.',
  "You're always so supportive, $you.",
  'That is a great way to look at it.',
  'I can imagine! Keep me posted.',
  'Take care and talk soon!',
  'It rained all week here.',
  'Did you watch the game last night?',
  'Honestly I could use a holiday.',
  'My phone is about to die, sorry if I vanish.',
  'Yeah, it was a lot of fun and everyone was happy.',
  'So proud of you!',
  'That must have been hard.',
  'I was thinking about our school days recently.',
  'How are the kids?',
  'They are growing so fast.',
  'What are your plans for the weekend?',
  'Nothing much, just some rest and a movie.',
  'I love how passionate you are about it.',
  'Oh, before I forget, happy belated birthday!',
  'It was such a nice surprise.',
  'The traffic in town is getting worse.',
  "I'll tell you more when we meet.",
  'Looking forward to it!',
  'It reminds me of the summer we spent at the coast.',
  'Any tips for someone who starts from zero?',
  'Start small and be patient, that is all I know.',
  'Good luck with everything, $you!',
];
